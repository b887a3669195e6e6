#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::timing {

constexpr const char* kKernelPrefix = "kernel:";

/// A microbenchmark: a network in which one kind of kernel takes most of the time, so that a calibration sees what
/// whole networks have little of (blur pooling, resizing, gates, concatenation, many small columns), or have beside
/// much else (stems). Named "kernel:KIND-cC-pxP": C channels, maps of P x P.
struct KernelBenchmark {
  std::string kind;  ///< one of kernel_kinds()
  int channels = 8;  ///< 8 to 4096, a multiple of 8: of every map (of a column, in those with columns; not of an image)
  int px = 8;        ///< 1 to 1024
};

/// The kinds, in a fixed order: "dense3x3", "blur3", "columns4", ...
const std::vector<std::string>& kernel_kinds();

/// Throws Error naming the word and what was expected.
KernelBenchmark parse_kernel_benchmark(std::string_view name);
std::string to_string(const KernelBenchmark& benchmark);

/// Input and working maps have the same channels, but for stems, which read an image; no classifier; ends in one mean
/// over all places.
/// Throws Error where the kind does not fit the extent (a strided kind halves the map).
Architecture kernel_network(const KernelBenchmark& benchmark);

/// What `gensynth bench --suite kernels` times: every kind over a range of channels and sizes.
const std::vector<std::string>& kernel_suite();

/// The network of a name that is either a microbenchmark ("kernel:KIND-cC-pxP") or one of the zoo (zoo_network).
/// Throws Error with the nearest name, or with what is malformed in it.
Architecture named_network(const std::string& name);
/// The family of such a network: that of the zoo, or "kernel:KIND". Throws Error as above.
std::string named_family(const std::string& name);

}  // namespace gensynth::timing
