#include <algorithm>
#include <cstdio>

#include "constraints/rules/column_text.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"
#include "constraints/structure/columns.hpp"

namespace gensynth::rules {
namespace {

class Columnar : public Rule {
 public:
  explicit Columnar(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph),
        min_macs_share_(arguments.parameters.at("min_macs_share")),
        min_columnar_stages_(arguments.parameters.at("min_columnar_stages")),
        min_effective_columns_(arguments.parameters.at("min_effective_columns")),
        terms_{.min_columns = arguments.parameters.at("min_stage_columns"),
               .min_independence = arguments.parameters.at("min_independence"),
               .column = {.min_share = arguments.parameters.at("min_column_share"),
                          .min_series = arguments.parameters.at("min_column_series")}} {}

  constraints::Verdict check(const constraints::Subject& subject) const override {
    const structure::Structure& structure = subject.structure();
    if (terms_.column == structure::ColumnTerms{}) return judge(structure.columns(), subject.architecture());
    return judge(structure::measure_columns(structure, terms_.column), subject.architecture());
  }

 private:
  /// How much of the rule is missing, 0 to 1.
  struct Lack {
    std::int64_t columnar_macs = 0;
    int columnar_stages = 0;
    double value = 0;
  };

  constraints::Verdict judge(const structure::ColumnReport& report, const Architecture& architecture) const {
    const Lack lack = this->lack(report);
    const auto all = static_cast<double>(std::max<std::int64_t>(1, report.network_macs));
    constraints::Verdict result = verdict(static_cast<double>(lack.columnar_macs) / all, min_macs_share_, "share");
    result.violation = (min_macs_share_ > 0 ? min_macs_share_ : 1) * lack.value;
    result.satisfied = lack.value <= 0;
    char text[160];
    std::snprintf(
        text, sizeof text, "%d of %zu stages are columnar (at least %d), with %.0f %% of the MACs (at least %.0f %%)",
        lack.columnar_stages, report.stages.size(), min_columnar_stages_, 100 * result.measured, 100 * min_macs_share_);
    result.message = text;
    if (report.effective_columns < min_effective_columns_) {
      std::snprintf(text, sizeof text, "; mean N %.2f of %.2f", report.effective_columns, min_effective_columns_);
      result.message += text;
    }
    for (std::size_t s = 0; s < report.stages.size(); ++s) {
      const structure::StageColumns& stage = report.stages[s];
      result.message += "; " + stage_text(stage, static_cast<int>(s) + 1, terms_, architecture);
      if (!result.satisfied && stage.meeting >= 0 && stage_lack(stage) > 0) result.vertices.push_back(stage.meeting);
    }
    std::sort(result.vertices.begin(), result.vertices.end());
    result.vertices.erase(std::unique(result.vertices.begin(), result.vertices.end()), result.vertices.end());
    return result;
  }

  /// How far one stage is from being columnar, 0 to 1.
  double stage_lack(const structure::StageColumns& stage) const {
    const double columns = terms_.min_columns > 1 ? 1 - (stage.effective_columns - 1) / (terms_.min_columns - 1) : 0.0;
    const double independence = terms_.min_independence > 0 ? 1 - stage.independence() / terms_.min_independence : 0.0;
    const double lack = std::clamp(std::max(columns, independence), 0.0, 1.0);
    // A stage with columns lacks at most a half, so that it is always nearer than a stage without columns.
    const bool none = stage.finding != structure::StageFinding::columns;
    return lack <= 0 ? 0 : none ? 1 - stage.nearness / 2 : lack / 2;
  }

  /// The larger of two lacks: how far the nearest stages are from being columnar, and how many MACs columnar stages are
  /// short of. Both decrease steadily as stages approach the rule, which guides a search; neither is 0 before the rule
  /// is met.
  Lack lack(const structure::ColumnReport& report) const {
    Lack result;
    std::vector<double> lacks;
    double near_macs = 0;
    for (const structure::StageColumns& stage : report.stages) {
      lacks.push_back(stage_lack(stage));
      if (lacks.back() > 0) {
        near_macs += static_cast<double>(stage.macs) * (1 - lacks.back());
      } else {
        result.columnar_macs += stage.macs;
        ++result.columnar_stages;
      }
    }
    const auto wanted = static_cast<std::size_t>(min_columnar_stages_);
    std::sort(lacks.begin(), lacks.end());
    lacks.resize(std::max(wanted, lacks.size()), 1.0);
    for (std::size_t i = 0; i < wanted; ++i) result.value += lacks[i] / static_cast<double>(wanted);
    const double needed = min_macs_share_ * static_cast<double>(report.network_macs);
    const auto columnar = static_cast<double>(result.columnar_macs);
    if (columnar < needed) {
      const double near = std::min(near_macs, needed - columnar) / 2;
      result.value = std::max(result.value, 1 - (columnar + near) / needed);
    }
    result.value = std::max(result.value, 1 - report.effective_columns / min_effective_columns_);
    return result;
  }

  double min_macs_share_;
  int min_columnar_stages_;
  double min_effective_columns_;
  StageTerms terms_;
};

}  // namespace

void register_columnar(constraints::ConstraintSink& registry) {
  const structure::ColumnTerms column;
  const StageTerms stage;
  constraints::ConstraintInfo info;
  info.name = "columnar";
  info.summary = "the network computes in several columns side by side";
  info.description =
      "Columns are branches that compute side by side, from where they fork or last met to where they meet, over "
      "several stages where they are downsampled one by one (paper, sections 2.2 and 2.3). A column has two or more "
      "spatial operators in series and a share of its stage's MACs. By stage, N = (sum m)^2 / sum m^2 over the "
      "columns' MACs m, and independence is their share of the stage. Measured: the share of the network's MACs in "
      "stages with enough of both. Judged on the canonical form of the graph, never by tags.";
  info.hard_by_default = false;
  info.parameters = {
      {"min_macs_share", "number", 0.3, 0.0, 1.0, {}, "least share of the network's MACs in columnar stages"},
      {"min_columnar_stages", "integer", 2, 0.0, 64.0, {}, "least number of columnar stages"},
      {"min_stage_columns", "number", stage.min_columns, 1.0, 64.0, {}, "least N of a columnar stage"},
      {"min_independence",
       "number",
       stage.min_independence,
       0.0,
       1.0,
       {},
       "least share of a columnar stage's MACs in its columns"},
      {"min_column_share", "number", column.min_share, 0.05, 0.5, {}, "least share of its stage's MACs in a column"},
      {"min_column_series",
       "integer",
       column.min_series,
       1.0,
       64.0,
       {},
       "least number of spatial operators in series in a column, before it meets another"},
      {"min_effective_columns",
       "number",
       1.0,
       1.0,
       64.0,
       {},
       "least N on average over all stages, weighted by their MACs"},
  };
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<Columnar>(arguments);
               });
}

}  // namespace gensynth::rules
