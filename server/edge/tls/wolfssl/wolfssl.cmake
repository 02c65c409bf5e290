# wolfssl.cmake - the targets wolfssl_packaged and wolfssl_lean, as far as each can be had.
#
# lean: Debian's source of wolfSSL with options.h of this folder: 3.7 KB a session for 60 KB, and
# assembly.  It is built while configuring, once for all presets of a compiler and sanitizer, so
# that a build that cannot be had falls back to the packaged library with a message.
# packaged: libwolfssl-dev.
#
# SK_DEPS_DIR may be shared by several clones; what lies there is named by what it was made from.
set(SK_WOLFSSL "" CACHE STRING "lean or packaged; empty takes lean where it can be had")
if(DEFINED ENV{SK_DEPS_DIR})
    set(deps_default $ENV{SK_DEPS_DIR})
else()
    set(deps_default ${PROJECT_SOURCE_DIR}/build/deps)
endif()
set(SK_DEPS_DIR ${deps_default} CACHE PATH "where sources and libraries made of them are kept")

set(wolfssl_dir ${CMAKE_CURRENT_LIST_DIR})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${wolfssl_dir}/options.h ${wolfssl_dir}/CMakeLists.txt ${wolfssl_dir}/kernel_random.c
    ${wolfssl_dir}/sizes.h)

# Sets `result` to the folder where the lean build is installed, or to "" when it cannot be had.
function(sk_wolfssl_build_lean result)
    set(${result} "" PARENT_SCOPE)
    set(deps ${SK_DEPS_DIR}/wolfssl)
    file(MAKE_DIRECTORY ${deps})
    file(LOCK ${deps}/lock GUARD FUNCTION)
    execute_process(COMMAND ${wolfssl_dir}/fetch.sh ${deps} RESULT_VARIABLE failed
        OUTPUT_QUIET ERROR_VARIABLE said)
    if(failed)
        message(STATUS "wolfssl: no source: ${said}")
        return()
    endif()

    # The sanitizer that must see into the library; undefined behaviour in it is not ours.
    string(REGEX MATCH "address|thread" sanitizer "${SK_SANITIZE}")
    set(inputs "")
    foreach(file options.h CMakeLists.txt kernel_random.c sizes.h sizes.c)
        file(SHA256 ${wolfssl_dir}/${file} hash)
        string(APPEND inputs ${hash})
    endforeach()
    file(SHA256 ${deps}/source/debian/changelog hash)
    string(SHA256 key "${inputs}${hash}${CMAKE_C_COMPILER_VERSION}")
    string(SUBSTRING ${key} 0 12 key)
    set(built ${deps}/${CMAKE_C_COMPILER_ID}${sanitizer}-${key})
    if(EXISTS ${built}/lib/libwolfssl_lean.a)
        set(${result} ${built} PARENT_SCOPE)
        return()
    endif()

    message(STATUS "wolfssl: building the lean library (half a minute, once)")
    set(flags "")
    if(sanitizer)
        set(flags -fsanitize=${sanitizer})
    endif()
    execute_process(
        COMMAND ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S ${wolfssl_dir} -B ${built}/build
            -DWOLFSSL_SOURCE=${deps}/source -DCMAKE_INSTALL_PREFIX=${built}
            -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_C_FLAGS=${flags}
        COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${built}/build --target install
        RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(failed)
        message(FATAL_ERROR "wolfssl: the lean build failed:\n${said}")
    endif()
    set(${result} ${built} PARENT_SCOPE)
endfunction()

if(NOT SK_WOLFSSL MATCHES "^(|lean|packaged)$")
    message(FATAL_ERROR "SK_WOLFSSL is lean or packaged, not ${SK_WOLFSSL}")
endif()
sk_wolfssl_build_lean(lean_built)
if(lean_built)
    # Its own headers come before those of libwolfssl-dev, which may be installed as well.
    add_library(wolfssl_lean INTERFACE)
    target_include_directories(wolfssl_lean SYSTEM BEFORE INTERFACE ${lean_built}/include)
    target_link_libraries(wolfssl_lean INTERFACE ${lean_built}/lib/libwolfssl_lean.a pthread)
    target_compile_definitions(wolfssl_lean INTERFACE SK_WOLFSSL_LEAN)
elseif(SK_WOLFSSL STREQUAL "lean")
    message(FATAL_ERROR "SK_WOLFSSL=lean, but the source of wolfSSL cannot be had")
endif()

find_library(WOLFSSL_PACKAGED wolfssl)
if(WOLFSSL_PACKAGED)
    add_library(wolfssl_packaged INTERFACE)
    target_link_libraries(wolfssl_packaged INTERFACE ${WOLFSSL_PACKAGED})
elseif(NOT lean_built OR SK_WOLFSSL STREQUAL "packaged")
    message(FATAL_ERROR "wolfssl: no packaged library (package libwolfssl-dev)")
endif()

set(SK_WOLFSSL_USED ${SK_WOLFSSL})
if(NOT SK_WOLFSSL AND lean_built)
    set(SK_WOLFSSL_USED lean)
elseif(NOT SK_WOLFSSL)
    set(SK_WOLFSSL_USED packaged)
    message(STATUS "wolfssl: falling back to the packaged library: slower, 60 KB a connection")
endif()
message(STATUS "wolfssl: ${SK_WOLFSSL_USED}")
