#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "architecture/base/clock.hpp"
#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "search/analysis/overview/run_report.hpp"
#include "search/command/command.hpp"
#include "search/command/shared/version.hpp"
#include "search/report/format.hpp"
#include "search/report/html/page.hpp"
#include "search/report/html/report_json.hpp"
#include "search/run/run.hpp"

namespace gensynth::command::pages {
namespace {

struct Options {
  std::vector<std::string> runs;
  std::string out;
  bool force = false;
  bool as_json = false;
  analysis::overview::RunReportLimits limits;
};

int report(const Options& options) {
  if (std::filesystem::exists(options.out) && !options.force) {
    throw Error("--out " + options.out + ": exists; --force replaces it, or choose another name");
  }
  std::vector<analysis::overview::RunReport> reports;
  for (const std::string& place : options.runs) {
    const run::Run run = run::Run::open(place, run::RunMode::read);
    reports.push_back(analysis::overview::report_run(run, options.limits));
  }
  const nlohmann::ordered_json document = report::html::report_json(reports, now_seconds(), shared::version_line());
  const std::string text = options.as_json ? document.dump() + "\n" : report::html::page_with_data(document);
  write_file_atomically(options.out, text);
  std::printf("%s: %s; open it in a browser\n", options.out.c_str(),
              report::bytes_text(static_cast<double>(text.size())).c_str());
  return kDone;
}

}  // namespace

void add_report(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand("report", "Write one or several runs as a page for a browser, in one file");
  command->add_option("RUN", options->runs, "folders of runs, finished or under way")->required();
  command->add_option("--out", options->out, "the HTML file")->required();
  command->add_flag("--force", options->force, "replace the file if it exists");
  command->add_flag("--json", options->as_json, "write the data alone, as JSON (docs/report.md)");
  command
      ->add_option("--networks", options->limits.networks,
                   "number of trials of each run whose network is included: the winner, its ancestors, the front, "
                   "the best so far, the nearest to feasible, then the others of the highest U")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  command
      ->add_option("--near-misses", options->limits.near_misses,
                   "number of infeasible trials of each run for which changes that make them feasible are sought")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  command
      ->add_option("--features", options->limits.features,
                   "number of trials of each run whose derived features are included, the latest ones")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
  command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace gensynth::command::pages
