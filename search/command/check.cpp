#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/json_reader.hpp"
#include "constraints/registry.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

using nlohmann::json;

/// The four design rules (paper, section 2.2), when no file is given.
json design_rules() {
  return json::array({{{"constraint", "columnar"}},
                      {{"constraint", "no_strided_pointwise"}},
                      {{"constraint", "anti_aliased_downsampling"}},
                      {{"constraint", "top1"}}});
}

/// A file holds an array of constraints, or is a job.
json constraints_of(const std::string& path) {
  json file = read_json_file(path);
  if (file.is_array()) return file;
  if (file.is_object() && file.contains("constraints")) return file["constraints"];
  throw Error(path + ": expected an array of constraints, or a job with \"constraints\"");
}

struct Options {
  std::string net;
  std::string constraints;
  latency::LatencyTarget target;
  bool as_json = false;
};

int check(const Options& options) {
  const run::NetworkRef net = run::resolve_network(options.net);
  const std::string source = options.constraints.empty() ? "design rules" : options.constraints;
  constraints::ConstraintRegistry registry;
  const constraints::ConstraintSet constraints = registry.create_all(
      options.constraints.empty() ? design_rules() : constraints_of(options.constraints), source, "");
  const latency::LatencyModel latency(options.target);
  const accuracy::AccuracyModel accuracy;
  assessment::Assessment assessment =
      assessment::StructuralAssessor(constraints, latency, accuracy).assess(net.architecture, true);
  if (net.trial) {  // what the run measured
    for (const auto& [name, quantity] : net.trial->metrics) {
      if (assessment.metrics.find(name) == nullptr) assessment.metrics.set(name, quantity);
    }
  }
  std::vector<std::string> unjudged;
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (constraints[i].cost_class() < constraints::CostClass::proxy) continue;
    if (net.trial && assessment.metrics.find("proxy_top1") != nullptr) {
      assessment.verdicts.push_back(constraints[i].check(net.architecture, assessment.metrics));
    } else {
      unjudged.push_back(constraints[i].name());
    }
  }
  const bool ok = feasible(assessment.verdicts);
  if (options.as_json) {
    nlohmann::ordered_json verdicts = nlohmann::ordered_json::array();
    for (const constraints::Verdict& verdict : assessment.verdicts)
      verdicts.push_back(to_json(verdict, net.architecture));
    const nlohmann::ordered_json result = {{"network", net.architecture.name()},
                                           {"feasible", ok},
                                           {"verdicts", verdicts},
                                           {"not_judged", unjudged},
                                           {"metrics", to_json(assessment.metrics)}};
    std::printf("%s\n", result.dump(2).c_str());
    return ok ? kDone : kNo;
  }
  report::Table table({"constraint", "kind", "verdict", "measured", "bound", "why"});
  for (const constraints::Verdict& v : assessment.verdicts) {
    const report::Style style = v.satisfied ? report::Style::good : v.hard ? report::Style::bad : report::Style::note;
    table.row({v.constraint, v.hard ? "hard" : "soft", report::styled(v.satisfied ? "met" : "violated", style),
               fmt::format("{:.4g} {}", v.measured, v.unit), fmt::format("{:.4g} {}", v.bound, v.unit), v.message});
  }
  std::printf("%s", table.text().c_str());
  for (const std::string& name : unjudged) {
    std::printf("%s: not judged, it needs a trained network\n", name.c_str());
  }
  std::string soft;
  for (const constraints::Verdict& v : assessment.verdicts) {
    if (!v.hard && !v.satisfied) soft += (soft.empty() ? "" : ", ") + v.constraint;
  }
  std::printf("%s is %s%s\n", net.architecture.name().c_str(),
              ok ? report::styled("feasible", report::Style::good).c_str()
                 : report::styled("infeasible", report::Style::bad).c_str(),
              soft.empty() ? "" : ("; soft constraints violated: " + soft).c_str());
  return ok ? kDone : kNo;
}

}  // namespace

void add_check(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("check", "Judge a network by the design rules or by constraints of a file");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  command->add_option("--constraints", options->constraints, "JSON array of constraints, or a job");
  add_target_options(*command, options->target);
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace gensynth::command
