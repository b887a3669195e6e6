# Helpers shared by all folders. No global flags: every target asks for what it needs.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "gensynth needs GCC 12 or newer (found ${CMAKE_CXX_COMPILER_VERSION})")
endif()
if(GENSYNTH_SANITIZE MATCHES "thread" AND GENSYNTH_SANITIZE MATCHES "address")
  message(FATAL_ERROR "GENSYNTH_SANITIZE: address and thread cannot be combined; use the asan and the tsan preset")
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(GENSYNTH_CCACHE ccache)
if(GENSYNTH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GENSYNTH_CCACHE})
endif()

# gensynth_target(NAME): standard, include root, warnings and sanitizers of one target of ours.
function(gensynth_target name)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_options(${name} PRIVATE -Wall -Wextra $<$<BOOL:${GENSYNTH_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping copies in `"text" + std::string` that are not there (GCC bug 105651, mended in 13).
    target_compile_options(${name} PRIVATE -Wno-restrict)
  endif()
  if(GENSYNTH_PCH)
    target_precompile_headers(${name} PRIVATE <nlohmann/json.hpp> <algorithm> <functional> <map> <memory> <optional>
                                              <string> <vector>)
  endif()
  if(GENSYNTH_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${GENSYNTH_SANITIZE} -fno-omit-frame-pointer
                                           -fno-sanitize-recover=all)
    target_link_options(${name} PUBLIC -fsanitize=${GENSYNTH_SANITIZE})
  endif()
  if(GENSYNTH_FUZZERS)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)  # a fuzzer is blind to code without it
    target_link_options(${name} PUBLIC -fsanitize=fuzzer-no-link)
  endif()
endfunction()

# gensynth_library(NAME SOURCES a.cpp ... [LINK public libraries] [PRIVATE private libraries])
function(gensynth_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  gensynth_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
endfunction()

# gensynth_test(NAME SOURCES a_test.cpp ... LINK libraries [LABELS unit] [WHOLE]): a GoogleTest program. WHOLE
# registers it as one test (programs that load LibTorch take 0.4 s to start), else each case is its own.
function(gensynth_test name)
  cmake_parse_arguments(ARG "WHOLE" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  gensynth_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE GENSYNTH_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             GENSYNTH_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(GENSYNTH_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 6")  # limits are meant for optimised programs
  endif()
  if(ARG_WHOLE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
                         "OMP_NUM_THREADS=1;OPENBLAS_NUM_THREADS=1")
  else()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
                         ENVIRONMENT "OMP_NUM_THREADS=1")
  endif()
endfunction()
