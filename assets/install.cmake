# install.cmake - installs what names other installed files, with the prefix of this very call.
#
# The sample settings and the unit are written for /usr; here their paths become those of the
# prefix.  Settings that are there already are somebody's, and are kept.
if(NOT EXISTS ${SK_BUILD}/web/index.html)
    get_filename_component(preset ${SK_BUILD} NAME)
    message(FATAL_ERROR "There is no page in ${SK_BUILD}/web: ./dev build ${preset} makes it")
endif()
file(INSTALL ${SK_BUILD}/web DESTINATION ${CMAKE_INSTALL_PREFIX}/${SK_DATA}/skirmish)

cmake_path(ABSOLUTE_PATH SK_SETTINGS BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
    OUTPUT_VARIABLE settings_dir)
if(settings_dir STREQUAL "/usr/etc")
    set(settings_dir /etc)
endif()

# sk_install_text(NAME FOLDER): the file of this folder with its paths moved to the prefix.
function(sk_install_text name folder)
    file(READ ${SK_ASSETS}/${name} text)
    string(REPLACE "/usr/bin/" "${CMAKE_INSTALL_PREFIX}/${SK_BIN}/" text "${text}")
    string(REPLACE "/usr/share/" "${CMAKE_INSTALL_PREFIX}/${SK_DATA}/" text "${text}")
    string(REPLACE "/etc/skirmish.conf" "${settings_dir}/skirmish.conf" text "${text}")
    file(WRITE ${SK_BUILD}/install/${name} "${text}")
    file(INSTALL ${SK_BUILD}/install/${name} DESTINATION ${folder})
endfunction()

sk_install_text(skirmish.service ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
if(EXISTS $ENV{DESTDIR}${settings_dir}/skirmish.conf)
    message(STATUS "Kept: $ENV{DESTDIR}${settings_dir}/skirmish.conf")
else()
    sk_install_text(skirmish.conf ${settings_dir})
endif()
