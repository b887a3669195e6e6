#include "runtime/timing/kernel_suite.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/timing/kernel_parts.hpp"

namespace gensynth::timing {
namespace {

struct Size {
  int channels;
  int px;
};

// Sizes of maps in networks of a few hundred million MACs, from memory-bound to tiny.
constexpr std::array<Size, 7> kMapSizes{{{8, 112}, {24, 56}, {48, 28}, {64, 56}, {96, 14}, {256, 14}, {320, 7}}};
constexpr std::array<Size, 5> kColumnSizes{{{8, 56}, {16, 28}, {32, 28}, {40, 14}, {96, 7}}};
constexpr std::array<Size, 6> kImageSizes{{{8, 32}, {16, 64}, {16, 128}, {16, 224}, {32, 224}, {64, 224}}};
constexpr std::array<Size, 5> kVectorSizes{{{64, 1}, {256, 1}, {640, 1}, {1024, 1}, {2048, 1}}};

template <std::size_t N>
void append(std::vector<std::string>& names, const std::string& kind, const std::array<Size, N>& sizes) {
  for (const Size& size : sizes) names.push_back(to_string(KernelBenchmark{kind, size.channels, size.px}));
}

const KernelPart& part_named(const std::string& kind, const std::string& source) {
  const auto found =
      std::find_if(kernel_parts().begin(), kernel_parts().end(), [&](const KernelPart& p) { return p.kind == kind; });
  if (found == kernel_parts().end()) {
    throw Error(source + ": unknown kind '" + kind + "'" + suggestion(kind, kernel_kinds()) + "; expected one of " +
                joined(kernel_kinds()));
  }
  return *found;
}

int number_after(const std::string& source, std::string_view word, std::string_view key, int low, int high) {
  const std::string expected = "expected " + std::string(key) + " and a whole number from " + std::to_string(low) +
                               " to " + std::to_string(high);
  int value = 0;
  if (!word.starts_with(key)) throw Error(source + ": '" + std::string(word) + "', " + expected);
  word.remove_prefix(key.size());
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || rest != word.data() + word.size() || value < low || value > high) {
    throw Error(source + ": '" + std::string(key) + std::string(word) + "', " + expected);
  }
  return value;
}

}  // namespace

const std::vector<std::string>& kernel_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const KernelPart& part : kernel_parts()) names.push_back(part.kind);
    return names;
  }();
  return kinds;
}

KernelBenchmark parse_kernel_benchmark(std::string_view name) {
  const std::string source = "microbenchmark '" + std::string(name) + "'";
  std::string_view rest = name;
  if (rest.starts_with(kKernelPrefix)) rest.remove_prefix(std::string_view(kKernelPrefix).size());
  const std::size_t first = rest.find('-');
  const std::size_t second = first == std::string_view::npos ? first : rest.find('-', first + 1);
  KernelBenchmark benchmark;
  benchmark.kind = rest.substr(0, first);
  part_named(benchmark.kind, source);
  if (second == std::string_view::npos) {
    throw Error(source + ": expected kernel:KIND-cCHANNELS-pxEXTENT, such as kernel:" + benchmark.kind + "-c24-px56");
  }
  benchmark.channels = number_after(source, rest.substr(first + 1, second - first - 1), "c", 8, 4096);
  benchmark.px = number_after(source, rest.substr(second + 1), "px", 1, 1024);
  if (benchmark.channels % 8 != 0) {
    throw Error(source + ": " + std::to_string(benchmark.channels) + " channels, expected a multiple of 8");
  }
  return benchmark;
}

std::string to_string(const KernelBenchmark& benchmark) {
  return kKernelPrefix + benchmark.kind + "-c" + std::to_string(benchmark.channels) + "-px" +
         std::to_string(benchmark.px);
}

Architecture kernel_network(const KernelBenchmark& benchmark) {
  const std::string name = to_string(benchmark);
  const std::string source = "microbenchmark '" + name + "'";
  const KernelPart& part = part_named(benchmark.kind, source);
  if (benchmark.px < part.least_px) {
    throw Error(source + ": " + std::to_string(benchmark.px) + " px, expected at least " +
                std::to_string(part.least_px));
  }
  constexpr int kImageChannels = 3;
  const bool image = part.sizes == KernelSizes::images;
  const int channels = image ? kImageChannels : benchmark.channels;
  ArchitectureBuilder builder(name, Shape{Layout::map, channels, benchmark.px, benchmark.px});
  int at = builder.input();
  if (image) {
    const Convolution stem{
        .out_channels = benchmark.channels, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .bias = true};
    at = builder.add(Activation{ActivationKind::relu}, builder.add(stem, at));
  }
  at = part.build(builder, at);
  if (builder.shape(at).layout == Layout::map) at = builder.add(GlobalPool{}, at);
  return builder.build(at);
}

const std::vector<std::string>& kernel_suite() {
  static const std::vector<std::string> suite = [] {
    std::vector<std::string> names;
    for (const KernelPart& part : kernel_parts()) {
      switch (part.sizes) {
        case KernelSizes::maps:
          append(names, part.kind, kMapSizes);
          break;
        case KernelSizes::columns:
          append(names, part.kind, kColumnSizes);
          break;
        case KernelSizes::images:
          append(names, part.kind, kImageSizes);
          break;
        case KernelSizes::vectors:
          append(names, part.kind, kVectorSizes);
          break;
      }
    }
    return names;
  }();
  return suite;
}

Architecture named_network(const std::string& name) {
  if (name.starts_with(kKernelPrefix)) return kernel_network(parse_kernel_benchmark(name)).renamed(name);
  return zoo::zoo_network(name);
}

std::string named_family(const std::string& name) {
  if (name.starts_with(kKernelPrefix)) return kKernelPrefix + parse_kernel_benchmark(name).kind;
  return zoo::zoo_family(name);
}

}  // namespace gensynth::timing
