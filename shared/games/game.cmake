# sk_game(NAME FOLDER dir SOURCES a.c ... [OUT dir]): a game from its sources.
#
#   sk_game_NAME            static library, compiled into the server
#   sk_game_NAME_module     the .wasm below as a library, for a server with the game compiled in
#   games/NAME.so           for a server that loads it: --game games/NAME.so; pages that play there
#                           get the .wasm beside it
#   games/NAME.wasm         the same code for the browser, with shared/client and wasm/*.c
#   games/NAME.ts           its kinds, rows, events, options and commands for TypeScript
#
# OUT is another folder than games/ for the last three: of a game that the page is not built with.
#
# The game is the constant NAME_game, a struct sk_game (dashes in NAME become underscores).  Its
# .code_hash is SK_CODE_HASH of "code_hash.gen.h".
set(SK_GAMES_FOLDER ${CMAKE_CURRENT_LIST_DIR})
set(SK_SHARED_FOLDER ${CMAKE_CURRENT_LIST_DIR}/..)
set(SK_GAMES_OUT ${CMAKE_BINARY_DIR}/games)
find_program(SK_PYTHON3 python3 REQUIRED)
find_program(SK_WASM_CLANG clang-14 REQUIRED)
find_program(SK_WASM_LD NAMES wasm-ld-14 wasm-ld REQUIRED)

file(GLOB SK_CORE_SOURCES CONFIGURE_DEPENDS ${SK_SHARED_FOLDER}/base/*.[ch]
    ${SK_SHARED_FOLDER}/state/*.[ch] ${SK_SHARED_FOLDER}/sim/*.[ch])

# The wasm objects that every game shares, compiled once.  A check's place is said from the source's
# root on, so that the bytes do not depend on where that lies.
get_filename_component(SK_SOURCE_ROOT ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(SK_WASM_FLAGS --target=wasm32 -std=c17 -O2 -ffreestanding -nostdlib -mbulk-memory
    -ffp-contract=off -Wall -Wextra -Werror -ffile-prefix-map=${SK_SOURCE_ROOT}/=
    -I${SK_SHARED_FOLDER} -I${SK_GAMES_FOLDER})
function(sk_wasm_objects out_name folder)
    set(objects)
    foreach(source ${ARGN})
        get_filename_component(name ${source} NAME_WE)
        set(object ${CMAKE_BINARY_DIR}/wasm/${folder}/${name}.o)
        add_custom_command(OUTPUT ${object}
            COMMAND ${SK_WASM_CLANG} ${SK_WASM_FLAGS}
                    -I${CMAKE_BINARY_DIR}/generated/games/${folder}
                    -DSK_GAME_SYMBOL=${sk_game_symbol} -MD -MF ${object}.d -c ${source} -o ${object}
            DEPENDS ${source} ${sk_game_hash} DEPFILE ${object}.d VERBATIM)
        list(APPEND objects ${object})
    endforeach()
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/wasm/${folder})
    set(${out_name} ${objects} PARENT_SCOPE)
endfunction()

set(SK_WASM_CORE_SOURCES ${SK_CORE_SOURCES})
list(FILTER SK_WASM_CORE_SOURCES INCLUDE REGEX "\\.c$")
file(GLOB SK_WASM_CLIENT_SOURCES CONFIGURE_DEPENDS ${SK_SHARED_FOLDER}/client/*.c
    ${SK_SHARED_FOLDER}/wasm/*.c)
sk_wasm_objects(SK_WASM_CORE_OBJECTS core ${SK_WASM_CORE_SOURCES} ${SK_WASM_CLIENT_SOURCES})
add_custom_target(sk_wasm_core DEPENDS ${SK_WASM_CORE_OBJECTS})

# Whoever calls sk_game() elsewhere in the tree finds these, too.
foreach(variable SK_GAMES_FOLDER SK_SHARED_FOLDER SK_GAMES_OUT SK_CORE_SOURCES SK_WASM_FLAGS
        SK_WASM_CORE_OBJECTS)
    set(${variable} "${${variable}}" CACHE INTERNAL "of sk_game()")
endforeach()

function(sk_game name)
    cmake_parse_arguments(arg "" "FOLDER;OUT" "SOURCES" ${ARGN})
    set(out ${SK_GAMES_OUT})
    if(arg_OUT)
        set(out ${arg_OUT})
    endif()
    string(REPLACE "-" "_" sk_game_symbol ${name}_game)
    list(TRANSFORM arg_SOURCES PREPEND ${arg_FOLDER}/)
    file(MAKE_DIRECTORY ${out} ${CMAKE_BINARY_DIR}/generated/games/${name})

    set(sk_game_hash ${CMAKE_BINARY_DIR}/generated/games/${name}/code_hash.gen.h)
    file(GLOB hashed CONFIGURE_DEPENDS ${arg_FOLDER}/*.[ch])
    add_custom_command(OUTPUT ${sk_game_hash}
        COMMAND ${SK_PYTHON3} -B ${SK_GAMES_FOLDER}/code_hash.py ${sk_game_hash}
                ${hashed} ${SK_CORE_SOURCES}
        DEPENDS ${SK_GAMES_FOLDER}/code_hash.py ${hashed} ${SK_CORE_SOURCES} VERBATIM)
    add_custom_target(sk_game_${name}_hash DEPENDS ${sk_game_hash})

    add_library(sk_game_${name} STATIC ${arg_SOURCES})
    add_dependencies(sk_game_${name} sk_game_${name}_hash)
    target_include_directories(sk_game_${name} PUBLIC ${SK_GAMES_FOLDER}
        PRIVATE ${CMAKE_BINARY_DIR}/generated/games/${name})
    target_link_libraries(sk_game_${name} PUBLIC sk_sim PRIVATE sk_flags)

    # The .so has its own copy of shared/: it shares nothing with its host but the interface.
    add_library(sk_game_${name}_so MODULE ${SK_GAMES_FOLDER}/entry.c)
    target_compile_definitions(sk_game_${name}_so PRIVATE SK_GAME_SYMBOL=${sk_game_symbol})
    target_link_libraries(sk_game_${name}_so PRIVATE sk_game_${name} sk_flags)
    target_link_options(sk_game_${name}_so PRIVATE
        -Wl,--version-script=${SK_GAMES_FOLDER}/game.map -Wl,-u,sk_assert_set_game_handler)
    set_target_properties(sk_game_${name}_so PROPERTIES PREFIX "" OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY ${out} LINK_DEPENDS ${SK_GAMES_FOLDER}/game.map)

    sk_wasm_objects(objects ${name} ${arg_SOURCES} ${SK_GAMES_FOLDER}/entry.c)
    add_custom_command(OUTPUT ${out}/${name}.wasm
        COMMAND ${SK_WASM_LD} --no-entry --gc-sections --strip-debug --stack-first
                -z stack-size=262144 -o ${out}/${name}.wasm
                ${objects} ${SK_WASM_CORE_OBJECTS}
        DEPENDS ${objects} ${SK_WASM_CORE_OBJECTS} VERBATIM)

    string(REPLACE "-" "_" module_symbol ${name})
    set(module ${CMAKE_BINARY_DIR}/generated/games/${name}/module.c)
    add_custom_command(OUTPUT ${module}
        COMMAND ${SK_PYTHON3} -B ${SK_GAMES_FOLDER}/embed.py ${module} ${module_symbol}
                ${out}/${name}.wasm
        DEPENDS ${SK_GAMES_FOLDER}/embed.py ${out}/${name}.wasm VERBATIM)
    add_library(sk_game_${name}_module STATIC EXCLUDE_FROM_ALL ${module})
    target_include_directories(sk_game_${name}_module PUBLIC ${SK_GAMES_FOLDER})
    target_link_libraries(sk_game_${name}_module PUBLIC sk_sim PRIVATE sk_flags)
    add_dependencies(sk_game_${name}_module sk_game_${name}_web)

    add_executable(describe_${name} ${PROJECT_SOURCE_DIR}/clients/web/describe/describe.c
        ${SK_GAMES_FOLDER}/entry.c)
    target_compile_definitions(describe_${name} PRIVATE SK_GAME_SYMBOL=${sk_game_symbol})
    target_link_libraries(describe_${name} PRIVATE sk_game_${name} sk_flags)
    set_target_properties(describe_${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_custom_command(OUTPUT ${out}/${name}.ts
        COMMAND describe_${name} ${out}/${name}.ts DEPENDS describe_${name} VERBATIM)
    add_custom_target(sk_game_${name}_web ALL
        DEPENDS ${out}/${name}.wasm ${out}/${name}.ts)
    add_dependencies(sk_game_${name}_web sk_wasm_core sk_game_${name}_hash)
endfunction()
