#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"
#include "architecture/weights.hpp"
#include "runtime/data/dataset.hpp"

namespace gensynth {
template <class T>
class OptionList;
}

namespace gensynth::train {

/// The specification of a training, from a job's "proxy" or the flags of `gensynth train`. Budgets are counted in
/// images, never in seconds.
struct TrainSpec {
  std::int64_t images = 20'000;
  std::vector<std::int64_t> rungs;  ///< ascending, the last is `images`; empty: `images` alone
  int batch = 32;
  std::string optimizer = "sgd";
  double learning_rate = 0.05;
  double momentum = 0.9;
  double weight_decay = 1e-4;
  double warmup = 0.05;
  double label_smoothing = 0.1;
  double ema = 0.0;
  bool flip = true;
  int shift = 4;
  std::string class_weights = "none";  ///< or "balanced": the loss counts every class alike, however rare its images
  std::string device = "cpu";
};
const OptionList<TrainSpec>& train_options();  ///< ranges and meaning
TrainSpec train_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);
nlohmann::ordered_json to_json(const TrainSpec& spec);

struct Evaluation {
  double top1 = 0;  ///< %
  double top5 = 0;  ///< %
  double loss = 0;  ///< cross entropy, nats
  /// Mean over the classes that have images of the share recognised, %. NaN in reports of earlier versions.
  double balanced_accuracy = 0;
};

struct RungResult {
  std::int64_t images = 0;
  double train_loss = 0;  ///< mean since the previous rung; NaN when no step was taken since
  Evaluation held_out;
};

struct TrainResult {
  std::vector<RungResult> rungs;
  bool diverged = false;  ///< the loss became NaN, infinite or far above that of guessing; training stopped there
  bool stopped = false;   ///< by the callback
  std::int64_t images = 0;
  double seconds = 0;
  Weights weights;  ///< of the average if there is one; empty when diverged
};

/// Trains on the training split and evaluates on the hold-out at every rung. On one thread, equal
/// architecture, spec, data and seed give equal losses to the last bit. `proceed` is called after every rung, and at
/// least every few seconds (then with an unchanged number of results); it may stop the training. If `state_path` is not
/// empty, a checkpoint is kept there from which an interrupted training continues bit for bit. The training begins with
/// `initial` where it is given, else with initial values of the seed.
TrainResult train(const Architecture& architecture, const data::Dataset& data, const TrainSpec& spec,
                  std::uint64_t seed, const std::function<bool(const TrainResult&)>& proceed = {},
                  const std::string& state_path = "", const Weights* initial = nullptr);

/// The initial values with which a training of this seed begins.
Weights starting_weights(const Architecture& architecture, std::uint64_t seed);

Evaluation evaluate(const Architecture& architecture, const Weights& weights, const data::Dataset& data,
                    data::Dataset::Split split, const std::string& device = "cpu");

}  // namespace gensynth::train
