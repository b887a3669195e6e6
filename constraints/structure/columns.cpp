#include "constraints/structure/columns.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "constraints/structure/gates.hpp"
#include "constraints/structure/parallel.hpp"

namespace gensynth::structure {
namespace {

std::size_t at(int v) { return static_cast<std::size_t>(v); }

/// MACs by kind of operator, ascending by kind.
using Work = std::vector<std::pair<int, std::int64_t>>;

/// Visits the nodes and, of those that are exits of gates, what is inside.
template <class Visit>
void for_each_node(const Structure& structure, const std::vector<int>& nodes, const Visit& visit) {
  const Gates& gates = structure.gates();
  for (const int n : nodes) {
    const int gate = gates.contracted(n);
    if (gate < 0) {
      visit(n);
      continue;
    }
    for (const int inside : gates.all[at(gate)].nodes) visit(inside);
    for (const int exit : gates.all[at(gate)].exits) visit(exit);
  }
}

class Report {
 public:
  Report(const Contraction& graph, const ColumnTerms& terms)
      : graph_(graph), form_(graph.structure().form()), min_share_(terms.min_share) {}

  ColumnReport make(std::vector<ParallelSet> sets) const {
    ColumnReport report;
    report.network_macs = form_.macs();
    for (int s = 0; s < graph_.stages(); ++s) {
      if (graph_.stage_macs(s) > 0) report.stages.push_back(stage(s, sets[at(s)]));
    }
    std::sort(report.stages.begin(), report.stages.end(), [](const StageColumns& a, const StageColumns& b) {
      return std::pair(std::int64_t{a.height} * a.width, a.height) >
             std::pair(std::int64_t{b.height} * b.width, b.height);
    });
    summarise(report);
    return report;
  }

 private:
  StageColumns stage(int s, ParallelSet& set) const {
    StageColumns stage{.height = graph_.extent(s).h, .width = graph_.extent(s).w, .macs = graph_.stage_macs(s)};
    stage.finding = set.finding;
    if (set.meeting >= 0) stage.meeting = form_[set.meeting].vertex;
    stage.who_meet = who_meet(set);
    std::vector<Work> works;
    stage.columns.reserve(set.branches.size());
    for (Branch& branch : set.branches) {
      if (set.finding == StageFinding::columns) works.push_back(work(branch));
      stage.columns.push_back({std::move(branch.nodes), branch.macs, branch.series.count});
    }
    if (set.finding != StageFinding::columns) {
      const double needed = min_share_ * static_cast<double>(stage.macs);
      stage.nearness = std::min(1.0, static_cast<double>(set.near_macs) / needed);
      return stage;
    }
    stage.independent_macs = set.macs;
    const auto sum = static_cast<double>(set.macs);
    double squares = 0;
    for (const Column& column : stage.columns)
      squares += static_cast<double>(column.macs) * static_cast<double>(column.macs);
    stage.effective_columns = sum * sum / squares;
    stage.heterogeneity = heterogeneity(works);
    return stage;
  }

  std::vector<int> who_meet(const ParallelSet& set) const {
    std::vector<int> who;
    std::vector<int> all;
    for (int b = 0; b < static_cast<int>(set.branches.size()); ++b) {
      all.push_back(b);
      const std::vector<int>& nodes = set.branches[at(b)].nodes;
      const auto inputs = set.meeting < 0 ? std::span<const int>() : graph_.inputs(set.meeting);
      const bool read = std::any_of(inputs.begin(), inputs.end(),
                                    [&](int u) { return std::binary_search(nodes.begin(), nodes.end(), u); });
      if (read) who.push_back(b);
    }
    return who.size() > 1 ? who : all;
  }

  Work work(const Branch& branch) const {
    Work work;
    for_each_node(graph_.structure(), branch.nodes, [&](int n) {
      const CanonicalNode& node = form_[n];
      if (node.macs == 0) return;
      const int across = node.flow == ChannelFlow::each ? 0 : node.flow == ChannelFlow::joint ? 2 : 1;
      const int kind = (node.taps.h * 4096 + node.taps.w) * 4 + across;
      work.emplace_back(kind, node.macs);
    });
    std::sort(work.begin(), work.end());
    std::size_t kept = 0;
    for (std::size_t i = 1; i < work.size(); ++i) {
      if (work[i].first == work[kept].first) {
        work[kept].second += work[i].second;
      } else {
        work[++kept] = work[i];
      }
    }
    if (!work.empty()) work.resize(kept + 1);
    return work;
  }

  static double difference(const Work& a, const Work& b) {
    std::int64_t common = 0;
    std::int64_t either = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
      if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
        either += a[i++].second;
      } else if (i == a.size() || b[j].first < a[i].first) {
        either += b[j++].second;
      } else {
        common += std::min(a[i].second, b[j].second);
        either += std::max(a[i++].second, b[j++].second);
      }
    }
    return either > 0 ? 1 - static_cast<double>(common) / static_cast<double>(either) : 0;
  }

  static double heterogeneity(const std::vector<Work>& works) {
    std::vector<double> differences;
    for (std::size_t a = 0; a < works.size(); ++a) {
      for (std::size_t b = a + 1; b < works.size(); ++b) differences.push_back(difference(works[a], works[b]));
    }
    std::sort(differences.begin(),
              differences.end());  // one order for all, so that the vertices' order decides nothing
    double sum = 0;
    for (const double value : differences) sum += value;
    return differences.empty() ? 0 : sum / static_cast<double>(differences.size());
  }

  static void summarise(ColumnReport& report) {
    double macs = 0;
    double columns = 0;
    double independent = 0;
    double in_columns = 0;
    double different = 0;
    for (const StageColumns& stage : report.stages) {
      const auto weight = static_cast<double>(stage.macs);
      macs += weight;
      columns += weight * stage.effective_columns;
      independent += static_cast<double>(stage.independent_macs);
      if (stage.independent_macs == 0) continue;
      in_columns += weight;
      different += weight * stage.heterogeneity;
    }
    if (macs > 0) report.effective_columns = columns / macs;
    if (macs > 0) report.independence = independent / macs;
    if (in_columns > 0) report.heterogeneity = different / in_columns;
    report.independence_trend = trend(report.stages);
  }

  static double trend(const std::vector<StageColumns>& stages) {
    std::size_t first = 0;
    while (first < stages.size() && stages[first].independent_macs == 0) ++first;
    if (first + 1 >= stages.size()) return 0;
    const auto count = static_cast<double>(stages.size() - first - 1);
    double sum = 0;
    double mean_x = 0;
    double mean_y = 0;
    const auto x = [&](std::size_t s) { return static_cast<double>(s - first) / count; };
    for (std::size_t s = first; s < stages.size(); ++s) {
      const auto weight = static_cast<double>(stages[s].macs);
      sum += weight;
      mean_x += weight * x(s);
      mean_y += weight * stages[s].independence();
    }
    mean_x /= sum;
    mean_y /= sum;
    double covariance = 0;
    double variance = 0;
    for (std::size_t s = first; s < stages.size(); ++s) {
      const auto weight = static_cast<double>(stages[s].macs);
      covariance += weight * (x(s) - mean_x) * (stages[s].independence() - mean_y);
      variance += weight * (x(s) - mean_x) * (x(s) - mean_x);
    }
    return variance > 0 ? covariance / variance : 0;
  }

  const Contraction& graph_;
  const CanonicalForm& form_;
  double min_share_;
};

}  // namespace

std::vector<int> column_vertices(const Structure& structure, const Column& column) {
  std::vector<int> result;
  for_each_node(structure, column.nodes, [&](int n) { result.push_back(structure.form()[n].vertex); });
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

ColumnReport measure_columns(const Structure& structure, const ColumnTerms& terms) {
  const Contraction graph(structure);
  return Report(graph, terms).make(ParallelSearch(graph, terms).run());
}

}  // namespace gensynth::structure
