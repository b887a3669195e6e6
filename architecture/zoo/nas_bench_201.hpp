#pragma once

#include <array>
#include <string>
#include <string_view>

#include "architecture/architecture.hpp"

namespace gensynth::zoo {

/// The operations on the edges of a NAS-Bench-201 cell (arXiv:2001.00326).
enum class CellOperation : std::uint8_t { none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3 };
inline constexpr int kCellOperations = 5;
const char* to_string(CellOperation operation);  ///< "none", "nor_conv_3x3", ...

/// Edges 0->1, 0->2, 1->2, 0->3, 1->3, 2->3; node 0 is the cell's input, node 3 its output, a node sums its edges.
using Cell = std::array<CellOperation, 6>;

inline constexpr const char* kNasBench201Prefix = "nb201:";

/// "nb201:" (optional) and a cell such as "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|".
/// Throws Error naming the edge and what was expected there.
Cell parse_nas_bench_201_cell(std::string_view text);
std::string to_string(const Cell& cell);  ///< without the prefix

/// The benchmark's network: 3x3 stem to 16 channels, five cells each at 16, 32 and 64 channels with a stride-2 residual
/// block between, batch norm, ReLU, pooling, linear. Within a cell, nodes and edges without a path to the output are
/// omitted, and a node that only `none` edges enter is Zero. px is a multiple of 4.
Architecture nas_bench_201(const Cell& cell, int px = 32, int classes = 10);

}  // namespace gensynth::zoo
