#include "search/report/networks/training_report.hpp"

#include <fmt/format.h>

#include "search/report/format.hpp"
#include "search/report/networks/quantise_report.hpp"

namespace gensynth::report::networks {
namespace {

/// Empty where it is not known or says no more than top-1.
std::string balanced_text(const train::Evaluation& evaluation, const char* separator) {
  return accuracies_differ(evaluation.top1, evaluation.balanced_accuracy)
             ? fmt::format("{}balanced accuracy {:.2f} %", separator, evaluation.balanced_accuracy)
             : "";
}

}  // namespace

std::string rung_text(const train::RungResult& rung) {
  return fmt::format("{:8d} images  train loss {:.3f}  hold-out loss {:.3f}  top-1 {:.2f} %  top-5 {:.2f} %{}\n",
                     rung.images, rung.train_loss, rung.held_out.loss, rung.held_out.top1, rung.held_out.top5,
                     balanced_text(rung.held_out, "  "));
}

std::string training_text(const companion::TrainingReport& report, const std::string& out) {
  std::string text;
  if (report.validation) {
    text = fmt::format("validation: top-1 {:.2f} %, top-5 {:.2f} %, loss {:.3f}{}\n", report.validation->top1,
                       report.validation->top5, report.validation->loss, balanced_text(*report.validation, ", "));
  }
  return text + fmt::format("wrote {}/network.json, network.safetensors, training.json\n", out);
}

std::string export_text(const companion::ExportResult& result, const std::string& out) {
  std::string verified;
  if (result.quantisation) verified = "8-bit integers, calibrated with " + choice_text(*result.quantisation) + "\n";
  if (result.runtime.empty()) {
    verified += fmt::format("not verified: {}\n", result.not_verified);
  } else if (result.quantisation) {
    verified += fmt::format("verified with {} on {} calibration inputs: difference from the simulation {:.2g}\n",
                            result.runtime, result.inputs, result.largest_difference);
  } else {
    verified += fmt::format("verified with {} on {} random inputs: largest difference {:.2g}\n", result.runtime,
                            result.inputs, result.largest_difference);
  }
  const std::string slow =
      result.accelerated ? "" : "XNNPACK does not take all operators; the others run in slower kernels\n";
  const std::string ends =
      result.input.empty() ? "" : fmt::format("input: {}\noutput: {}\n", result.input, result.output);
  return verified + slow + ends + "wrote " + out + "\n";
}

}  // namespace gensynth::report::networks
