if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # Boost's own package file, where CMake no longer brings one
endif()
find_package(Boost 1.74 REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(Threads REQUIRED)
find_package(TBB REQUIRED)
find_package(Eigen3 3.3 REQUIRED)
find_package(FlatBuffers REQUIRED)  # and flatc, which compiles schemas
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Protobuf REQUIRED)  # before ONNX, whose package file uses its target
find_package(ONNX REQUIRED)
add_library(gensynth_onnx_format INTERFACE)
if(TARGET ONNX::onnx)  # Debian 13's
  target_link_libraries(gensynth_onnx_format INTERFACE ONNX::onnx ONNX::onnx_proto)
else()
  target_link_libraries(gensynth_onnx_format INTERFACE onnx onnx_proto)
endif()
find_package(LibArchive REQUIRED)
find_package(libjpeg-turbo REQUIRED)
find_package(PNG QUIET)  # optional, as is libwebp: without them only JPEG is read
find_package(PkgConfig REQUIRED)
pkg_check_modules(WebP QUIET IMPORTED_TARGET libwebp)
pkg_check_modules(MuParser REQUIRED IMPORTED_TARGET muparser)
pkg_check_modules(HttpLib REQUIRED IMPORTED_TARGET cpp-httplib)
if(GENSYNTH_SIMULATION)
  pkg_check_modules(XGBoost QUIET IMPORTED_TARGET xgboost)
  if(NOT XGBoost_FOUND)
    message(STATUS "XGBoost was not found: `gensynth benchmark-search` is not built")
    set(GENSYNTH_SIMULATION OFF)
  endif()
endif()

# SOCI's Debian package brings neither a CMake package nor a .pc file.
find_path(SOCI_INCLUDE_DIR soci/soci.h REQUIRED)
find_library(SOCI_CORE_LIBRARY soci_core REQUIRED)
find_library(SOCI_SQLITE3_LIBRARY soci_sqlite3 REQUIRED)
find_package(SQLite3 REQUIRED)
add_library(gensynth_soci INTERFACE)
target_include_directories(gensynth_soci SYSTEM INTERFACE ${SOCI_INCLUDE_DIR})
target_link_libraries(gensynth_soci INTERFACE ${SOCI_CORE_LIBRARY} ${SOCI_SQLITE3_LIBRARY} SQLite::SQLite3)
if(GENSYNTH_SANITIZE MATCHES "undefined")
  # The check of dynamic types asks for type information that the package's library keeps to itself.
  target_compile_options(gensynth_soci INTERFACE -fno-sanitize=vptr)
endif()

find_package(mimalloc QUIET)  # optional: graphs are built about a third faster with it

find_package(Torch REQUIRED)
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "This LibTorch has the strings of before C++11 (${TORCH_CXX_FLAGS}), which no other library here has; "
                      "take the one whose name says cxx11-abi")
endif()
add_library(gensynth_torch INTERFACE)  # linked PRIVATE, by the runtime targets that need it and no other
# All of them: where the linker drops what no symbol needs, libtorch_cuda would not be loaded with `torch` alone.
target_link_libraries(gensynth_torch INTERFACE ${TORCH_LIBRARIES})
if(Torch_VERSION VERSION_LESS 2)
  # clang cannot compile torch 1.13 as C++20 unless IValue is complete before it is used in a vector.
  target_compile_options(gensynth_torch INTERFACE $<$<CXX_COMPILER_ID:Clang>:SHELL:-include ATen/core/ivalue.h>)
endif()

if(GENSYNTH_DEVELOPER)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(GENSYNTH_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
