#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "runtime/data/dataset.hpp"

namespace gensynth::companion {

/// How a network is turned into 8-bit integers.
struct Quantisation {
  data::DataSpec data;               ///< its training images calibrate; px is that of the network
  int images = 128;                  ///< to calibrate with
  std::string calibration = "auto";  ///< a word of quantisation::calibration(), or the one with the least error
  std::vector<std::string> keep;     ///< ids of vertices that stay in float32
};
nlohmann::ordered_json to_json(const Quantisation& quantisation);
Quantisation quantisation_from_json(const nlohmann::json& value, const std::string& source);

/// The choices that gave the least error of the outputs on calibration images.
struct QuantisationChoice {
  std::string calibration;
  int equalised_pairs = 0;  ///< 0: the weights are as trained
  bool corrected = false;   ///< biases
  int images = 0;           ///< that were there to calibrate with
  std::string data;         ///< identifier
  double error = 0;         ///< of the outputs: root of the mean square, relative to that of the exact outputs
};
nlohmann::ordered_json to_json(const QuantisationChoice& choice);
QuantisationChoice quantisation_choice_from_json(const nlohmann::json& value, const std::string& source);

/// Compare a network in 8-bit integers with itself in float32.
struct QuantiseRequest {
  std::string network;
  Quantisation quantisation;
  std::string split = "auto";          ///< of the images that the accuracy is measured on, as in EvaluateRequest
  bool own_images = false;             ///< the same
  std::vector<float> mean, deviation;  ///< instead of what the network's card states
};
nlohmann::ordered_json to_json(const QuantiseRequest& request);
QuantiseRequest quantise_request_from_json(const nlohmann::json& value);

/// One vertex of the deployed network.
struct QuantisedVertex {
  std::string id;
  std::string op;
  bool integer = false;
  std::string reason;   ///< why it is not
  double noise_db = 0;  ///< signal-to-noise ratio of its result in the integer network; kExact where there is no noise
};
inline constexpr double kExact = 200;  ///< dB, the highest ratio that is distinguished

struct QuantiseResult {
  QuantisationChoice choice;
  std::string split;
  std::int64_t images = 0;                         ///< evaluated
  double top1_before = 0, top5_before = 0;         ///< %, in float32
  double top1_after = 0, top5_after = 0;           ///< %, in integers, simulated in LibTorch
  double agreement = 0;                            ///< %, images with the same answer before and after
  std::int64_t bytes_before = 0, bytes_after = 0;  ///< of the weights
  std::vector<QuantisedVertex> vertices;           ///< in the order of the network
  std::vector<std::string> notes;                  ///< what was assumed
};
nlohmann::ordered_json to_json(const QuantiseResult& result);
QuantiseResult quantise_result_from_json(const nlohmann::json& value);

}  // namespace gensynth::companion
