#include "search/report/runs/dry_run_report.hpp"

#include <fmt/format.h>

#include "search/report/format.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::runs {
namespace {

/// Forward and backward pass take about three times the multiply-accumulates of inference.
constexpr double kTrainingOverInference = 3;

std::string training_text(const analysis::DryRun& run) {
  const double images = static_cast<double>(run.images_per_trial) * static_cast<double>(run.trials);
  std::string text = fmt::format("proxy training: {} trials of at most {} images, {} images in all", run.trials,
                                 run.images_per_trial, count_text(images));
  if (run.trainable > 0) {
    text += fmt::format(", about {:.3g} multiply-accumulates (a feasible sample has {} MACs at {} px)",
                        kTrainingOverInference * images * run.proxy_macs, count_text(run.proxy_macs), run.px);
  }
  text += "\n";
  if (run.trainable < run.feasible) {
    text += fmt::format("{} of the {} feasible samples cannot be trained at {} px and would be rejected\n",
                        run.feasible - run.trainable, run.feasible, run.px);
  }
  return text;
}

}  // namespace

std::string dry_run_text(const analysis::DryRun& run) {
  std::string text = fmt::format("space {}: at most 10^{:.0f} genotypes\n", run.space, run.log10_size);
  text += fmt::format("{} of {} random samples pass every hard constraint that needs no training ({:.1f} %)\n\n",
                      run.feasible, run.samples, 100.0 * run.feasible / run.samples);
  Table table({"constraint", "kind", "random samples that meet it"});
  for (const analysis::DryRun::ConstraintShare& c : run.constraints) {
    table.row({c.constraint, c.hard ? "hard" : "soft",
               c.needs_training ? "needs training" : fmt::format("{:.1f} %", 100 * c.share)});
  }
  text += table.text();
  text += fmt::format("\nstages without training: {:.0f} candidates per second on one core of this machine\n",
                      run.candidates_per_second);
  if (run.trains) text += training_text(run);
  for (const std::string& note : run.start_notes) text += "start_from: " + note + "\n";
  for (const std::string& warning : run.warnings) text += "warning: " + warning + "\n";
  return text;
}

}  // namespace gensynth::report::runs
