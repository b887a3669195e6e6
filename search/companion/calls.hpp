#pragma once

#include <functional>
#include <optional>
#include <string>

#include "search/companion/evaluation_messages.hpp"
#include "search/companion/messages.hpp"

namespace gensynth::companion {

struct CallOptions {
  int math_threads = 1;
  std::string log;  ///< file that standard error of gensynth-torch is appended to; "": standard error of this program
  /// Called ten times a second; when it returns true, gensynth-torch is stopped (SIGTERM), and Ctrl-C reaches only this
  /// process. Without it, Ctrl-C ends both.
  std::function<bool()> should_stop;
};

// Each starts gensynth-torch and blocks until it has ended. They throw Error with its message when it failed, and with
// its exit status when it crashed.

ExportResult export_onnx(const ExportRequest& request, const CallOptions& options = {});
ExportResult export_tflite(const ExportRequest& request, const CallOptions& options = {});

BenchResult bench(const BenchRequest& request, const std::function<void(const BenchProgress&)>& on_progress,
                  const CallOptions& options);

EvaluateResult evaluate(const EvaluateRequest& request, const CallOptions& options);

QuantiseResult quantise(const QuantiseRequest& request, const CallOptions& options);

/// Nothing when it was stopped before the training began.
/// `on_start` gets lines for the user: what the data consists of, what the training begins with.
std::optional<TrainResult> train(const TrainRequest& request, const std::function<void(const std::string&)>& on_start,
                                 const std::function<void(const train::RungResult&)>& on_rung,
                                 const CallOptions& options);

/// Runs a worker in place of this process. Returns only by throwing Error.
[[noreturn]] void become_worker(const WorkerRequest& request);

}  // namespace gensynth::companion
