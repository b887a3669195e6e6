#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"
#include "runtime/evaluation/classification.hpp"

namespace gensynth::companion {

/// Classify the images of a data set with a network or a model file and compare the answers with the labels.
struct EvaluateRequest {
  std::string network;  ///< a NET of the command line, FILE.onnx or FILE.tflite
  data::DataSpec data;
  std::string split = "auto";           ///< or "validation", "holdout", "training", "all"
  bool own_images = false;              ///< "auto" without validation images: all of them, else the hold-out
  std::string input;                    ///< of a model file that does not state it; "" = as it states
  std::vector<double> mean, deviation;  ///< instead of what the network's card states
  std::string device = "cpu";
};
nlohmann::ordered_json to_json(const EvaluateRequest& request);
EvaluateRequest evaluate_request_from_json(const nlohmann::json& value);

struct EvaluateResult {
  std::string runtime;  ///< "LibTorch 1.13.1", "onnxruntime 1.20.1 (node)"
  std::string data;     ///< identifier
  std::string split;    ///< what was evaluated
  int px = 0;
  int duplicates = 0;              ///< images left out because they are equal to another
  std::vector<std::string> notes;  ///< what was assumed
  evaluation::Classification result;
  data::Contents contents = {};  ///< of the whole data set
};
nlohmann::ordered_json to_json(const EvaluateResult& result);
EvaluateResult evaluate_result_from_json(const nlohmann::json& value);

}  // namespace gensynth::companion
