#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::timing {

constexpr const char* kKernelPrefix = "kernel:";

/// A microbenchmark: a network in which one kind of kernel takes most of the time. It gives a calibration information
/// on kernels that are rare in whole networks (blur pooling, resizing, gates, concatenation, many small columns) or
/// never dominate them (stems). Its name is "kernel:KIND-cC-pxP": C channels, maps of P x P.
struct KernelBenchmark {
  std::string kind;  ///< one of kernel_kinds()
  int channels = 8;  ///< 8 to 4096, a multiple of 8: of every map but the image; in kinds with columns, of each column
  int px = 8;        ///< 1 to 1024
};

/// The kinds, in a fixed order: "dense3x3", "blur3", "columns4", ...
const std::vector<std::string>& kernel_kinds();

/// Throws Error naming the wrong word and the expected one.
KernelBenchmark parse_kernel_benchmark(std::string_view name);
std::string to_string(const KernelBenchmark& benchmark);

/// All maps have the same channels, except in stems, which read an image. There is no classifier; the network ends in a
/// mean over all places.
/// Throws Error where the kind does not fit the extent (a strided kind halves the map).
Architecture kernel_network(const KernelBenchmark& benchmark);

/// The microbenchmarks of `gensynth bench --suite kernels`: every kind over a range of channels and sizes.
const std::vector<std::string>& kernel_suite();

/// The network of a name that is either a microbenchmark ("kernel:KIND-cC-pxP") or one of the zoo (zoo_network).
/// Throws Error with the nearest name, or with the malformed part of the name.
Architecture named_network(const std::string& name);
/// The family of such a network: that of the zoo, or "kernel:KIND". Throws Error as above.
std::string named_family(const std::string& name);

}  // namespace gensynth::timing
