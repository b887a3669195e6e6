#include "search/report/runs/estimate_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "search/report/format.hpp"

namespace gensynth::report::runs {
namespace {

std::string minutes_text(double minutes) { return duration_text(60 * minutes); }

std::string speed_text(const analysis::SearchEstimate& estimate) {
  std::string text = fmt::format("training speed on {} images, one worker alone:", estimate.images);
  const char* separator = " ";
  for (const analysis::TimedTraining& timed : estimate.timed) {
    text += separator;
    text += timed.images_per_second > 0
                ? fmt::format("{:.0f} images/s with {} MACs", timed.images_per_second, count_text(timed.macs))
                : fmt::format("unknown with {} MACs (the loss overflowed)", count_text(timed.macs));
    separator = ", ";
  }
  return text + "\n";
}

std::string time_text(const analysis::SearchEstimate& estimate) {
  if (!estimate.minutes) return "expected time: unknown, since no sample can be trained\n";
  const analysis::Expected& minutes = *estimate.minutes;
  if (std::isinf(minutes.high)) {
    return fmt::format(
        "expected time: at least {} predicted, for proposals drawn at random; the strategy's own time "
        "comes on top\n",
        minutes_text(minutes.value));
  }
  return fmt::format("expected time: {} predicted [{}, {}] with {} worker{}, if they do not slow each other down\n",
                     minutes_text(minutes.value), minutes_text(minutes.low), minutes_text(minutes.high),
                     estimate.workers, estimate.workers == 1 ? "" : "s");
}

}  // namespace

std::string estimate_text(const analysis::SearchEstimate& estimate, const std::string& out) {
  std::string text;
  if (estimate.contents) text += "data: " + to_string(*estimate.contents) + "\n";
  if (!estimate.timed.empty()) text += speed_text(estimate);
  text += time_text(estimate);
  text += fmt::format("disk: at most {} predicted", bytes_text(estimate.disk_bytes));
  text += estimate.free_bytes ? fmt::format(" in {}; {} are free there\n", out, bytes_text(*estimate.free_bytes))
                              : "; give --out, too, to have its folder and its free space checked\n";
  return text;
}

}  // namespace gensynth::report::runs
