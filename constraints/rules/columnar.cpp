#include <algorithm>
#include <cstdio>
#include <functional>

#include "constraints/rules/columns.hpp"
#include "constraints/rules/rule.hpp"
#include "constraints/rules/rules.hpp"

namespace gensynth::rules {
namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

std::string stage_text(const StageColumns& stage) {
  std::string text = std::to_string(stage.height) + "x" + std::to_string(stage.width) + ": ";
  if (stage.columns.size() < 2) return text + "one trunk";
  return text + std::to_string(stage.columns.size()) + " columns, N " + decimal(stage.effective_columns) +
         ", independence " + decimal(stage.independence());
}

class Columnar : public Rule {
 public:
  explicit Columnar(const constraints::ConstraintArguments& arguments)
      : Rule(arguments, constraints::CostClass::graph),
        min_effective_columns_(arguments.parameters.at("min_effective_columns")),
        min_stage_columns_(arguments.parameters.at("min_stage_columns")),
        min_columnar_stages_(arguments.parameters.at("min_columnar_stages")),
        min_independence_(arguments.parameters.at("min_independence")) {}

  constraints::Verdict check(const Architecture& architecture, const Metrics&) const override {
    const ColumnReport report = measure_columns(architecture);
    constraints::Verdict result = verdict(report.effective_columns, min_effective_columns_, "columns");

    // How far each stage is from being columnar, 0 to 1; the nearest ones count.
    std::vector<double> lacks;
    int columnar = 0;
    std::string found;
    for (const StageColumns& stage : report.stages) {
      const double lack = this->lack(stage);
      lacks.push_back(lack);
      columnar += lack == 0 ? 1 : 0;
      if (lack > 0) result.vertices.insert(result.vertices.end(), stage.meetings.begin(), stage.meetings.end());
      found += (found.empty() ? "" : "; ") + stage_text(stage);
    }
    const auto wanted = static_cast<std::size_t>(min_columnar_stages_);
    std::sort(lacks.begin(), lacks.end());
    lacks.resize(std::max(wanted, lacks.size()), 1.0);
    double stage_lack = 0;
    for (std::size_t i = 0; i < wanted; ++i) stage_lack += lacks[i] / static_cast<double>(wanted);

    const double column_lack = std::max(0.0, 1.0 - report.effective_columns / min_effective_columns_);
    result.violation = min_effective_columns_ * std::max(column_lack, stage_lack);
    result.satisfied = result.violation <= 0;
    if (result.satisfied) result.vertices.clear();
    std::sort(result.vertices.begin(), result.vertices.end());
    result.message = decimal(report.effective_columns) + " effective columns (at least " +
                     decimal(min_effective_columns_) + "), " + std::to_string(columnar) + " of " +
                     std::to_string(report.stages.size()) + " stages with N >= " + decimal(min_stage_columns_) +
                     (min_independence_ > 0 ? " and independence >= " + decimal(min_independence_) : "") +
                     " (at least " + std::to_string(min_columnar_stages_) + "): " + found;
    return result;
  }

 private:
  double lack(const StageColumns& stage) const {
    const double columns = 1.0 - stage.effective_columns / min_stage_columns_;
    const double independence = min_independence_ > 0 ? 1.0 - stage.independence() / min_independence_ : 0.0;
    return std::max({0.0, columns, independence});
  }

  double min_effective_columns_;
  double min_stage_columns_;
  int min_columnar_stages_;
  double min_independence_;
};

}  // namespace

void register_columnar(constraints::ConstraintRegistry& registry) {
  constraints::ConstraintInfo info;
  info.name = "columnar";
  info.summary = "the network computes in several columns side by side";
  info.description =
      "Columns are independent branches of a stage (paper, section 2.1) with two or more spatial convolutions or "
      "spatial gates in series that reach back to where the stage begins without meeting another branch. By stage, "
      "N = (sum m)^2 / sum m^2 over the columns' MACs. Measured: N, averaged over stages by their MACs. Gates, "
      "residual identities and blocks that open and close again do not count as branches.";
  info.hard_by_default = false;
  info.parameters = {
      {"min_effective_columns", "number", 1.5, 1.0, 64.0, {}, "least mean N"},
      {"min_stage_columns", "number", 2.0, 1.0, 64.0, {}, "least N of a stage that counts as columnar"},
      {"min_columnar_stages", "integer", 2, 0.0, 64.0, {}, "least number of columnar stages"},
      {"min_independence", "number", 0.0, 0.0, 1.0, {}, "least share of a columnar stage's MACs in its columns"},
  };
  registry.add(std::move(info),
               [](const constraints::ConstraintArguments& arguments) -> std::unique_ptr<constraints::Constraint> {
                 return std::make_unique<Columnar>(arguments);
               });
}

}  // namespace gensynth::rules
