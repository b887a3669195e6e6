#include "architecture/zoo/nas_bench_201.hpp"

#include <algorithm>
#include <vector>

#include "architecture/base/error.hpp"
#include "architecture/base/joined.hpp"
#include "architecture/zoo/blocks/trunk.hpp"

namespace gensynth::zoo {
namespace {

constexpr int kNodes = 4;
constexpr std::array<const char*, kCellOperations> kNames{"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3",
                                                          "avg_pool_3x3"};

/// The index of the edge source -> node in a Cell.
std::size_t edge_index(int source, int node) { return static_cast<std::size_t>(node * (node - 1) / 2 + source); }

/// For each node, whether a path of operations other than `none` leads to the output.
std::array<bool, kNodes> live_nodes(const Cell& cell) {
  std::array<bool, kNodes> live{};
  live[kNodes - 1] = true;
  for (int node = kNodes - 1; node > 0; --node) {
    for (int source = 0; source < node; ++source) {
      if (live[node] && cell[edge_index(source, node)] != CellOperation::none) live[source] = true;
    }
  }
  return live;
}

/// ReLU, convolution, batch norm.
int pre_activated(zoo::Trunk& trunk, int from, int out, int kernel, int stride, Role role) {
  const int v = trunk.activate(from, ActivationKind::relu, role);
  return trunk.convolve(v, {.out = out, .kernel = kernel, .stride = stride}, role);
}

int operate(zoo::Trunk& trunk, int from, CellOperation operation) {
  switch (operation) {
    case CellOperation::none:
      return trunk.add(Zero{}, from);
    case CellOperation::skip_connect:
      return from;
    case CellOperation::nor_conv_1x1:
      return pre_activated(trunk, from, 0, 1, 1, Role::mix);
    case CellOperation::nor_conv_3x3:
      return pre_activated(trunk, from, 0, 3, 1, Role::embedding);
    case CellOperation::avg_pool_3x3:
      return trunk.add(Pool{.kind = PoolKind::average, .kernel = {3, 3}, .stride = {1, 1}, .padding = {1, 1}}, from,
                       Role::embedding);
  }
  throw Error("NAS-Bench-201: unknown cell operation " + std::to_string(static_cast<int>(operation)));
}

void add_cell(zoo::Trunk& trunk, const Cell& cell) {
  trunk.begin_block(1);
  const std::array<bool, kNodes> live = live_nodes(cell);
  std::array<int, kNodes> nodes{trunk.at()};
  for (int node = 1; node < kNodes; ++node) {
    if (!live[node]) continue;
    std::vector<int> sum;
    for (int source = 0; source < node; ++source) {
      const CellOperation operation = cell[edge_index(source, node)];
      if (operation != CellOperation::none) sum.push_back(operate(trunk, nodes[source], operation));
    }
    if (sum.empty()) sum.push_back(operate(trunk, nodes[0], CellOperation::none));
    nodes[node] = sum.size() == 1 ? sum.front() : trunk.add(Add{}, sum, Role::join);
  }
  trunk.end_block(nodes[kNodes - 1]);
}

/// Two 3x3 convolutions, the first with stride 2, beside 2x2 average pooling and a 1x1 convolution.
void add_reduction(zoo::Trunk& trunk, int out) {
  trunk.begin_block(2);
  int v = pre_activated(trunk, trunk.at(), out, 3, 2, Role::downsample);
  v = pre_activated(trunk, v, out, 3, 1, Role::embedding);
  int shortcut = trunk.add(Pool{.kind = PoolKind::average}, trunk.at(), Role::residual);
  shortcut = trunk.convolve(shortcut, {.out = out, .norm = false}, Role::residual);
  trunk.end_block(trunk.add_residual(shortcut, v));
}

}  // namespace

const char* to_string(CellOperation operation) { return kNames.at(static_cast<std::size_t>(operation)); }

std::string to_string(const Cell& cell) {
  std::string text;
  for (int node = 1; node < kNodes; ++node) {
    text += node == 1 ? "|" : "+|";
    for (int source = 0; source < node; ++source) {
      text += std::string(to_string(cell[edge_index(source, node)])) + "~" + std::to_string(source) + "|";
    }
  }
  return text;
}

Cell parse_nas_bench_201_cell(std::string_view text) {
  const std::string source = "NAS-Bench-201 cell '" + std::string(text) + "'";
  std::size_t at = text.starts_with(kNasBench201Prefix) ? std::string_view(kNasBench201Prefix).size() : 0;
  const auto expect = [&](std::string_view wanted) {
    if (text.substr(at, wanted.size()) != wanted) {
      throw Error(source + ": character " + std::to_string(at + 1) + ": expected '" + std::string(wanted) + "'");
    }
    at += wanted.size();
  };
  Cell cell{};
  for (int node = 1; node < kNodes; ++node) {
    expect(node == 1 ? "|" : "+|");
    for (int from = 0; from < node; ++from) {
      const std::string name(text.substr(at, text.find_first_of("~|+", at) - at));
      const std::vector<std::string> known(kNames.begin(), kNames.end());
      const auto found = std::find(known.begin(), known.end(), name);
      if (found == known.end()) {
        throw Error(source + ": edge " + std::to_string(from) + "->" + std::to_string(node) + ": unknown operation '" +
                    name + "'" + suggestion(name, known) + "; expected one of " + joined(known));
      }
      cell[edge_index(from, node)] = static_cast<CellOperation>(found - known.begin());
      at += name.size();
      expect("~" + std::to_string(from) + "|");
    }
  }
  if (at != text.size()) throw Error(source + ": character " + std::to_string(at + 1) + ": expected the end");
  return cell;
}

Architecture nas_bench_201(const Cell& cell, int px, int classes) {
  constexpr int kCellsPerStage = 5;
  zoo::Trunk trunk(kNasBench201Prefix + to_string(cell), 3, px);
  trunk.begin_block(1);
  trunk.end_block(trunk.convolve(trunk.at(), {.out = 16, .kernel = 3}, Role::stem));
  for (const int channels : {16, 32, 64}) {
    if (channels != 16) add_reduction(trunk, channels);
    for (int i = 0; i < kCellsPerStage; ++i) add_cell(trunk, cell);
  }
  trunk.begin_block(1);
  trunk.set_section(Role::head);
  const int v = trunk.activate(trunk.add(BatchNorm{}, trunk.at()), ActivationKind::relu);
  trunk.end_block(trunk.add(Linear{.out_features = classes}, trunk.add(GlobalPool{}, v)));
  return trunk.build();
}

}  // namespace gensynth::zoo
