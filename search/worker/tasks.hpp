#pragma once

#include <nlohmann/json_fwd.hpp>

#include "search/companion/reply.hpp"

namespace gensynth::worker {

// The tasks of gensynth-torch, with the requests and results of companion/messages.hpp. They throw Error.

int run_worker_task(const nlohmann::json& request);  ///< returns the exit code
void run_train_task(const nlohmann::json& request, companion::Reply& reply);
void run_onnx_task(const nlohmann::json& request, companion::Reply& reply);
void run_tflite_task(const nlohmann::json& request, companion::Reply& reply);
void run_evaluate_task(const nlohmann::json& request, companion::Reply& reply);
void run_quantise_task(const nlohmann::json& request, companion::Reply& reply);
void run_bench_task(const nlohmann::json& request, companion::Reply& reply);

}  // namespace gensynth::worker
