#include "constraints/structure/gates.hpp"

#include <algorithm>
#include <span>

#include "constraints/structure/condensing.hpp"
#include "constraints/structure/dominators.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

// A gate contains the trunk of the network when its share of the MACs reaches a bound: half; three quarters for a
// DC-AC; a quarter for a gate that downsamples, computes with learned windows and downsamples again, as stages do and
// condensers do not.
constexpr double kTrunkShare = 0.5;
constexpr double kCondenserTrunkShare = 0.75;
constexpr double kStagedTrunkShare = 0.25;

class GateFinder {
 public:
  explicit GateFinder(const Structure& structure)
      : structure_(structure),
        form_(structure.form()),
        innermost_(at(form_.size()), -1),
        gate_of_exit_(at(form_.size()), -1) {}

  Gates run() {
    for (int n = 1; n < form_.size(); ++n) {
      if (!is_product(n)) continue;
      int last = n;  // the parts of one product stand side by side
      while (last + 1 < form_.size() && form_[last + 1].vertex == form_[n].vertex && is_product(last + 1)) ++last;
      find_at(n, last);
      n = last;
    }
    Gates gates;
    gates.all = std::move(all_);
    if (gates.all.empty()) return gates;
    gates.around.assign(at(form_.size()), -1);
    gates.ending.assign(at(form_.size()), -1);
    gates.passed = passed();
    for (std::size_t g = gates.all.size(); g-- > 0;) {  // outer gates last, and so first here
      const Gate& gate = gates.all[g];
      if (gate.trunk) continue;
      for (const int n : gate.nodes) {
        if (gates.around[at(n)] < 0) gates.around[at(n)] = static_cast<int>(g);
      }
      const int exit = gate.exits.front();
      if (gates.around[at(exit)] < 0) gates.ending[at(exit)] = static_cast<int>(g);
    }
    return gates;
  }

 private:
  bool is_product(int n) const { return std::holds_alternative<Multiply>(form_.op(n)) && form_.inputs(n).size() > 1; }

  /// Finds a gate for each part of the product, then one gate for all parts that have none of their own because they
  /// share the values that they read.
  void find_at(int first, int last) {
    std::vector<int> rest;
    for (int n = first; n <= last; ++n) {
      if (!close({&n, 1})) rest.push_back(n);
    }
    if (rest.size() > 1) close(rest);
  }

  /// Adds the gate that ends in `exits`, if there is one. Its entry is the last value that all paths to the exits pass.
  /// The entry is first looked for among the network's vertices, where it may be a concat, then among the nodes.
  bool close(std::span<const int> exits) {
    const Pair extent = structure_.extent(exits.front());
    const std::vector<int>& vertex_dominator = structure_.vertex_dominator();
    int vertex = vertex_dominator[at(form_[exits.front()].vertex)];
    for (;; vertex = vertex_dominator[at(vertex)]) {
      entries_.clear();
      form_.append_nodes(vertex, entries_);
      // Both branches may read the same condensing operator; the gate then begins before that operator, at the last
      // value that has the gate's own size.
      if (!entries_.empty() && structure_.extent(entries_.front()) == extent) break;
      if (vertex == 0) break;
    }
    if (close(exits, extent)) return true;
    const std::vector<int>& dominator = structure_.dominator();
    int entry = dominator[at(exits.front())];
    for (const int exit : exits) entry = common_dominator(dominator, entry, dominator[at(exit)]);
    while (entry > 0 && !(structure_.extent(entry) == extent)) entry = dominator[at(entry)];
    entries_.assign(1, entry);
    return close(exits, extent);
  }

  bool close(std::span<const int> exits, const Pair& extent) {
    if (entries_.empty() || !(structure_.extent(entries_.front()) == extent)) return false;
    if (!collect_region(exits) || !single_exit(exits)) return false;
    add(exits);
    return true;
  }

  bool is_exit(std::span<const int> exits, int n) const {
    return std::find(exits.begin(), exits.end(), n) != exits.end();
  }

  /// Collects all nodes on paths from the entries to the exits; a gate inside is represented by its exit. Returns false
  /// if one of them is read after the exits, or if a path starts elsewhere than at the entries.
  bool collect_region(std::span<const int> exits) {
    if (mark_.empty()) mark_.assign(at(form_.size()), 0);
    ++round_;
    region_.clear();
    for (const int entry : entries_) mark_[at(entry)] = -round_;
    const auto visit = [&](int n) {
      if (mark_[at(n)] == round_ || mark_[at(n)] == -round_) return;
      mark_[at(n)] = round_;
      region_.push_back(n);
    };
    for (const int exit : exits) {
      for (const int n : form_.inputs(exit)) visit(n);
    }
    for (std::size_t i = 0; i < region_.size(); ++i) {
      const int n = region_[i];
      if (n == 0) return false;
      const auto users = form_.users(n);
      if (!users.empty() && users.back() > exits.back()) return false;
      if (const int inner = gate_of_exit_[at(n)]; inner >= 0) {
        for (const int entry : all_[at(inner)].entries) visit(entry);
      } else {
        for (const int u : form_.inputs(n)) visit(u);
      }
    }
    return true;
  }

  bool single_exit(std::span<const int> exits) const {
    for (const int n : region_) {
      for (int user : form_.users(n)) {
        while (innermost_[at(user)] >= 0) user = all_[at(innermost_[at(user)])].exits.front();
        if (mark_[at(user)] != round_ && !is_exit(exits, user)) return false;
      }
    }
    return true;
  }

  void add(std::span<const int> exits) {
    const int index = static_cast<int>(all_.size());
    Gate gate;
    gate.exits.assign(exits.begin(), exits.end());
    gate.nodes = region_;
    keep_entries(gate);
    for (const int n : region_) {
      innermost_[at(n)] = index;
      if (const int inner = gate_of_exit_[at(n)]; inner >= 0 && all_[at(inner)].exits.front() == n) {
        gate.nodes.insert(gate.nodes.end(), all_[at(inner)].nodes.begin(), all_[at(inner)].nodes.end());
      }
    }
    for (const int exit : exits) gate_of_exit_[at(exit)] = index;
    std::sort(gate.nodes.begin(), gate.nodes.end());
    for (const int n : gate.nodes) {
      const CanonicalNode& node = form_[n];
      gate.macs += node.macs;
      gate.spatial = gate.spatial || mixes_places(form_, n);
      gate.mixing = gate.mixing || (node.flow != ChannelFlow::each && node.fan_in > 1 &&
                                    !std::holds_alternative<ChannelShuffle>(form_.op(n)));
    }
    const auto share = static_cast<double>(gate.macs) / static_cast<double>(std::max<std::int64_t>(1, form_.macs()));
    gate.trunk = share > kCondenserTrunkShare || (share > kTrunkShare && !is_double_condensing(structure_, gate)) ||
                 (share > kStagedTrunkShare && downsamples_in_stages(structure_, gate));
    all_.push_back(std::move(gate));
  }

  /// The entries that are read inside the gate.
  void keep_entries(Gate& gate) {
    for (const int entry : entries_) {
      const auto users = form_.users(entry);
      if (std::any_of(users.begin(), users.end(),
                      [&](int user) { return mark_[at(user)] == round_ || is_exit(gate.exits, user); })) {
        gate.entries.push_back(entry);
      }
    }
    std::sort(gate.entries.begin(), gate.entries.end());
  }

  /// The nodes of vertices that every path from the input to the output passes.
  std::vector<std::uint8_t> passed() const {
    const Architecture& net = form_.architecture();
    std::vector<std::uint8_t> vertices(at(net.size()), 0);
    for (int v = net.output(); v > 0; v = structure_.vertex_dominator()[at(v)]) vertices[at(v)] = 1;
    vertices[0] = 1;
    std::vector<std::uint8_t> passed(at(form_.size()), 0);
    for (int n = 0; n < form_.size(); ++n) passed[at(n)] = vertices[at(form_[n].vertex)];
    return passed;
  }

  const Structure& structure_;
  const CanonicalForm& form_;
  std::vector<int> innermost_;     // by node: the innermost gate around it, or -1
  std::vector<int> gate_of_exit_;  // by node
  std::vector<Gate> all_;
  std::vector<int> mark_;
  int round_ = 0;
  std::vector<int> region_;
  std::vector<int> entries_;
};

}  // namespace

Gates find_gates(const Structure& structure) { return GateFinder(structure).run(); }

}  // namespace gensynth::structure
