#include "inquisitor/features/motifs.hpp"

#include <algorithm>
#include <variant>

#include "architecture/refinement.hpp"

namespace gensynth::features {
namespace {

constexpr std::uint64_t kFromInput = 0x452821e638d01377ULL;
constexpr std::uint64_t kFromUser = 0xbe5466cf34e90c6dULL;

bool passed_over(const Operator& op) {
  return std::visit(Overloaded{[](const BatchNorm&) { return true; }, [](const LayerNorm&) { return true; },
                               [](const Activation&) { return true; }, [](const Dropout&) { return true; },
                               [](const Scale&) { return true; }, [](const auto&) { return false; }},
                    op);
}

std::uint64_t word(int a, int b = 0, int c = 0) {
  return (static_cast<std::uint64_t>(a) << 40) ^ (static_cast<std::uint64_t>(b) << 20) ^ static_cast<std::uint64_t>(c);
}

std::uint64_t label(const Operator& op, int channels) {
  const std::uint64_t own = std::visit(
      Overloaded{[&](const Convolution& c) {
                   const int grouping = c.groups == 1 ? 0 : c.groups == channels ? 2 : 1;
                   return word(std::max(c.kernel.h, c.kernel.w), std::max(c.stride.h, c.stride.w),
                               4 * c.dilation.h + grouping);
                 },
                 [](const Pool& p) { return word(static_cast<int>(p.kind), p.kernel.h, p.stride.h); },
                 [](const BlurPool& b) { return word(b.taps, b.stride); }, [](const auto&) { return word(0); }},
      op);
  return mix(op.index() + 1, own);
}

}  // namespace

Motifs architecture_motifs(const Architecture& architecture) {
  const auto size = static_cast<std::size_t>(architecture.size());
  std::vector<std::size_t> seen_as(size);  // the vertex whose pattern stands for it
  std::vector<std::size_t> kept;
  std::vector<std::uint64_t> labels(size);
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t v = 0; v < size; ++v) {
    const int index = static_cast<int>(v);
    if (passed_over(architecture.op(index))) {
      seen_as[v] = seen_as[static_cast<std::size_t>(architecture.input(index, 0))];
      continue;
    }
    seen_as[v] = v;
    kept.push_back(v);
    const int channels = v == 0 ? 0 : architecture.shape(architecture.input(index, 0)).channels;
    labels[v] = label(architecture.op(index), channels);
    for (const int from : architecture.inputs(index)) edges.emplace_back(seen_as[static_cast<std::size_t>(from)], v);
  }
  Motifs result;
  std::vector<std::uint64_t> next(size), present;
  for (std::size_t round = 0; round < result.size(); ++round) {
    present.clear();
    for (const std::size_t v : kept) present.push_back(labels[v]);
    result[round] = counted(present);
    if (round + 1 == result.size()) break;
    std::fill(next.begin(), next.end(), 0);
    for (const auto& [from, to] : edges) {  // sums: neighbours have no order
      next[to] += mix(kFromInput, labels[from]);
      next[from] += mix(kFromUser, labels[to]);
    }
    for (const std::size_t v : kept) labels[v] = mix(labels[v], next[v]);
  }
  return result;
}

}  // namespace gensynth::features
