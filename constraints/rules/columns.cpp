#include "constraints/rules/columns.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "architecture/cost.hpp"
#include "constraints/rules/flow.hpp"

namespace gensynth::rules {
namespace {

constexpr int kOutside = -1;  // where a map enters a stage: the root of all its branches
constexpr int kMeeting = -2;  // no single predecessor: branches met here
constexpr int kColumnSeries = 2;

std::size_t at(int v) { return static_cast<std::size_t>(v); }

/// Spatial operators in series, by axis: a 1x7 convolution and a 7x1 one after it are one of 7x7.
struct Series {
  int h = 0;
  int w = 0;
  int count() const { return std::min(h, w); }
  Series operator+(const Series& other) const { return {h + other.h, w + other.w}; }
  void keep_longer(const Series& other) {  // one order for all, so that the vertices' order decides nothing
    const auto rank = [](const Series& series) { return std::tuple(series.count(), series.h + series.w, series.h); };
    if (rank(other) > rank(*this)) *this = other;
  }
};

struct Node {
  int parent = kOutside;     // the one vertex before it in the contracted stage, kOutside or kMeeting
  int dominator = kOutside;  // in the contracted stage
  int owner = -1;            // the gate or block around it
  int mark = -1;
  int stage = -1;
  int column = -1;
  bool clean = false;  // reached from the stage's beginning without a meeting
  bool entry = false;  // nothing before it in the stage mixes places, itself included
  Series own;          // of this operator, gate or block
  Series below;        // of the longest branch that begins here
  int columns = 0;     // in the subtree of branches that begins here
};

class Measurement {
 public:
  explicit Measurement(const Architecture& architecture)
      : architecture_(architecture),
        flow_(architecture),
        gates_(find_gates(architecture, flow_)),
        nodes_(at(architecture.size())) {}

  ColumnReport run() {
    for (int v = 0; v < flow_.size(); ++v) {
      nodes_[at(v)].owner = gates_.owner[at(v)];
      if (!flow_.head(v)) nodes_[at(v)].stage = stage_index(v);
    }
    for (int v = 0; v < flow_.size(); ++v) {
      if (nodes_[at(v)].stage >= 0 && nodes_[at(v)].owner < 0) place(v);
    }
    return report(number_columns());
  }

 private:
  int stage_index(int v) {
    const Pair extent = flow_.extent(v);
    const auto found = std::find(extents_.begin(), extents_.end(), extent);
    if (found != extents_.end()) return static_cast<int>(found - extents_.begin());
    extents_.push_back(extent);
    return static_cast<int>(extents_.size()) - 1;
  }

  /// What v itself adds to a series.
  Series own_series(int v) const {
    if (gates_.entry[at(v)] >= 0) return gates_.spatial[at(v)] != 0 ? Series{1, 1} : Series{};
    const Operator& op = architecture_.op(v);
    if (std::holds_alternative<MultiHeadAttention>(op)) return {1, 1};
    const auto* convolution = std::get_if<Convolution>(&op);
    if (convolution == nullptr) return {};
    const Pair extent = flow_.extent(v);  // an axis of one place has nothing to mix: the other decides
    const int h = convolution->kernel.h > 1 ? 1 : 0;
    const int w = convolution->kernel.w > 1 ? 1 : 0;
    return {extent.h == 1 ? w : h, extent.w == 1 ? h : w};
  }

  /// The distinct predecessors of v in its contracted stage; kOutside stands for all other stages.
  void predecessors(int v, std::vector<int>& result) const {
    result.clear();
    const auto add = [&](int u) {
      const int inside = nodes_[at(u)].stage == nodes_[at(v)].stage ? u : kOutside;
      if (std::find(result.begin(), result.end(), inside) == result.end()) result.push_back(inside);
    };
    if (gates_.entry[at(v)] >= 0) {
      add(gates_.entry[at(v)]);
    } else {
      for (const int u : flow_.inputs(v)) add(u);
    }
    if (result.empty()) result.push_back(kOutside);  // the network's input
  }

  int common_dominator(const std::vector<int>& vertices) const {
    int common = vertices.front();
    for (int other : vertices) {
      while (common != other) {
        int& larger = common > other ? common : other;
        larger = nodes_[at(larger)].dominator;
      }
    }
    return common;
  }

  void place(int v) {
    Node& node = nodes_[at(v)];
    node.own = own_series(v);
    predecessors(v, inputs_);
    if (inputs_.size() > 1) {
      int fork = common_dominator(inputs_);
      // A residual identity says nothing new to what was made of it.
      if (fork != kOutside && std::holds_alternative<Add>(architecture_.op(v)) && std::erase(inputs_, fork) > 0) {
        fork = common_dominator(inputs_);
      }
      if (inputs_.size() > 1) {
        join(v, fork);
        return;
      }
    }
    follow(v, inputs_.front());
    node.entry = node.parent == kOutside || (nodes_[at(node.parent)].entry && node.own.count() == 0);
  }

  void follow(int v, int parent) {
    Node& node = nodes_[at(v)];
    node.parent = parent;
    node.dominator = parent;
    node.clean = parent == kOutside || nodes_[at(parent)].clean;
  }

  void join(int v, int fork) {
    Node& node = nodes_[at(v)];
    const bool entering =
        std::all_of(inputs_.begin(), inputs_.end(), [&](int u) { return u == kOutside || nodes_[at(u)].entry; });
    if (entering) {  // maps that only come in together, such as columns joined at a transition
      follow(v, kOutside);
      node.entry = true;
      return;
    }
    if ((fork == kOutside || nodes_[at(fork)].clean) && is_block(v, fork)) {
      node.own = longest_path(v);
      for (const int u : inside_) nodes_[at(u)].owner = v;
      follow(v, fork);
      return;
    }
    node.parent = kMeeting;
    node.dominator = fork;
  }

  /// Whether all between fork and v leaves through v only, with fewer than two columns. Fills inside_, ascending.
  bool is_block(int v, int fork) {
    inside_.clear();
    const auto visit = [&](int u) {
      if (u == fork || u == kOutside || nodes_[at(u)].mark == v) return;
      nodes_[at(u)].mark = v;
      inside_.push_back(u);
    };
    for (const int u : inputs_) visit(u);
    for (std::size_t i = 0; i < inside_.size(); ++i) {
      const int u = inside_[i];
      for (const int user : flow_.users(u)) {
        if (user > v) return false;  // the common case of columns that exchange: seen at once
      }
      before(u, visit);
    }
    for (const int u : inside_) {
      for (int user : flow_.users(u)) {
        while (nodes_[at(user)].owner >= 0) user = nodes_[at(user)].owner;
        if (user != v && nodes_[at(user)].mark != v) return false;
      }
    }
    std::sort(inside_.begin(), inside_.end());
    int columns = 0;
    for (const int u : inside_) clear_counts(u);
    for (auto u = inside_.rbegin(); u != inside_.rend(); ++u) {
      if (nodes_[at(*u)].clean) count(*u, fork, columns);
    }
    return columns < 2;
  }

  /// Calls visit for every predecessor of an already placed vertex.
  template <class Visit>
  void before(int u, const Visit& visit) {
    const int parent = nodes_[at(u)].parent;
    if (parent != kMeeting) {
      visit(parent);
      return;
    }
    predecessors(u, scratch_);
    for (const int w : scratch_) visit(w);
  }

  Series longest_path(int v) {
    for (const int u : inside_) {
      Series longest;
      before(u, [&](int w) {
        if (w >= 0 && nodes_[at(w)].mark == v) longest.keep_longer(nodes_[at(w)].below);
      });
      nodes_[at(u)].below = longest + nodes_[at(u)].own;
    }
    Series longest;
    for (const int u : inputs_) {
      if (u >= 0 && nodes_[at(u)].mark == v) longest.keep_longer(nodes_[at(u)].below);
    }
    return longest;
  }

  void clear_counts(int u) {
    nodes_[at(u)].below = {};
    nodes_[at(u)].columns = 0;
  }

  /// Adds u, whose users are counted already, to the counts of the vertex before it, or to `total` at the fork. Two
  /// columns after a fork stay two; else u and all after it are one branch.
  void count(int u, int fork, int& total) {
    Node& node = nodes_[at(u)];
    node.below = node.below + node.own;
    if (node.columns < 2) node.columns = node.below.count() >= kColumnSeries ? 1 : 0;
    if (node.parent == fork || node.parent == kOutside) {
      total += node.columns;
      return;
    }
    Node& parent = nodes_[at(node.parent)];
    parent.columns += node.columns;
    parent.below.keep_longer(node.below);
  }

  bool placed(int v) const { return nodes_[at(v)].owner < 0 && nodes_[at(v)].stage >= 0; }

  /// Numbers the columns of all stages; returns how many there are.
  int number_columns() {
    int ignored = 0;
    int numbered = 0;
    for (int v = 0; v < flow_.size(); ++v) clear_counts(v);
    for (int v = flow_.size() - 1; v >= 0; --v) {
      if (placed(v) && nodes_[at(v)].clean) count(v, kOutside, ignored);
    }
    for (int v = 0; v < flow_.size(); ++v) {
      Node& node = nodes_[at(v)];
      if (!placed(v) || !node.clean) continue;
      const bool begins = node.parent == kOutside || nodes_[at(node.parent)].columns > 1;
      if (!begins) {
        node.column = nodes_[at(node.parent)].column;
      } else if (node.columns == 1) {
        node.column = numbered++;
      }
    }
    return numbered;
  }

  ColumnReport report(int numbered) {
    std::vector<StageColumns> stages(extents_.size());
    std::vector<ColumnBranch> columns(at(numbered));
    std::vector<int> stage_of(at(numbered));
    for (int v = flow_.size() - 1; v >= 0; --v) {  // outermost owner of all, larger indices first
      Node& node = nodes_[at(v)];
      if (node.owner >= 0 && nodes_[at(node.owner)].owner >= 0) node.owner = nodes_[at(node.owner)].owner;
    }
    for (int v = 0; v < flow_.size(); ++v) {
      const Node& node = nodes_[at(nodes_[at(v)].owner < 0 ? v : nodes_[at(v)].owner)];
      if (node.stage < 0) continue;
      const std::int64_t macs = vertex_cost(architecture_, v).macs;
      stages[at(node.stage)].macs += macs;
      if (placed(v) && node.parent == kMeeting) stages[at(node.stage)].meetings.push_back(v);
      if (node.column < 0) continue;
      ColumnBranch& column = columns[at(node.column)];
      column.vertices.push_back(v);
      column.macs += macs;
      stage_of[at(node.column)] = node.stage;
      if (placed(v)) column.series = std::max(column.series, node.below.count());
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      stages[at(stage_of[c])].columns.push_back(std::move(columns[c]));
    }
    ColumnReport result;
    double weighted = 0;
    double macs = 0;
    for (std::size_t s = 0; s < stages.size(); ++s) {
      if (stages[s].macs == 0) continue;
      stages[s].height = extents_[s].h;
      stages[s].width = extents_[s].w;
      result.stages.push_back(std::move(stages[s]));
    }
    std::sort(result.stages.begin(), result.stages.end(), [](const StageColumns& a, const StageColumns& b) {
      return std::pair(std::int64_t{a.height} * a.width, a.height) >
             std::pair(std::int64_t{b.height} * b.width, b.height);
    });
    for (StageColumns& stage : result.stages) {
      weigh(stage);
      weighted += stage.effective_columns * static_cast<double>(stage.macs);
      macs += static_cast<double>(stage.macs);
    }
    if (macs > 0) result.effective_columns = weighted / macs;
    return result;
  }

  static void weigh(StageColumns& stage) {
    std::stable_sort(stage.columns.begin(), stage.columns.end(),
                     [](const ColumnBranch& a, const ColumnBranch& b) { return a.macs > b.macs; });
    if (stage.columns.size() < 2) return;
    double squares = 0;
    for (const ColumnBranch& column : stage.columns) {
      stage.independent_macs += column.macs;
      squares += static_cast<double>(column.macs) * static_cast<double>(column.macs);
    }
    const auto sum = static_cast<double>(stage.independent_macs);
    if (squares > 0) stage.effective_columns = sum * sum / squares;
  }

  const Architecture& architecture_;
  Flow flow_;
  Gates gates_;
  std::vector<Node> nodes_;
  std::vector<Pair> extents_;
  std::vector<int> inputs_, inside_, scratch_;
};

}  // namespace

ColumnReport measure_columns(const Architecture& architecture) { return Measurement(architecture).run(); }

}  // namespace gensynth::rules
