#include <limits>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {
namespace {

constexpr std::int64_t kMaxImages = 1'000'000'000'000;

// AdamW's steps do not scale with the gradient, so that its usual rate is far below that of SGD.
constexpr double kAdamWLearningRate = 3e-3;
constexpr double kAdamWWeightDecay = 0.05;

std::vector<std::int64_t> read_rungs(JsonReader& reader, std::int64_t images) {
  std::vector<std::int64_t> rungs;
  if (reader.has("rungs")) {
    for (const nlohmann::json& rung : reader.array("rungs")) {
      if (!rung.is_number_integer())
        reader.fail("rungs", "found " + rung.dump() + ", expected whole numbers of images");
      const auto value = rung.get<std::int64_t>();
      if (value < 1 || value > images || (!rungs.empty() && value <= rungs.back())) {
        reader.fail("rungs", "found " + rung.dump() + ", expected ascending numbers from 1 to the " +
                                 std::to_string(images) + " images of the budget");
      }
      rungs.push_back(value);
    }
  }
  if (rungs.empty() || rungs.back() < images) rungs.push_back(images);
  return rungs;
}

}  // namespace

TrainSpec train_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  TrainSpec spec;
  spec.images = reader.integer("images", 1, kMaxImages, spec.images);
  spec.rungs = read_rungs(reader, spec.images);
  spec.batch = static_cast<int>(reader.integer("batch", 2, 65'536, spec.batch));
  spec.optimizer = reader.choice("optimizer", {"sgd", "adamw"}, spec.optimizer);
  const double usual_rate = spec.optimizer == "adamw" ? kAdamWLearningRate : spec.learning_rate;
  const double usual_decay = spec.optimizer == "adamw" ? kAdamWWeightDecay : spec.weight_decay;
  spec.learning_rate = reader.number("learning_rate", 0, 1e6, usual_rate);
  spec.momentum = reader.number("momentum", 0, 0.9999, spec.momentum);
  spec.weight_decay = reader.number("weight_decay", 0, 10, usual_decay);
  spec.warmup = reader.number("warmup", 0, 1, spec.warmup);
  spec.label_smoothing = reader.number("label_smoothing", 0, 0.99, spec.label_smoothing);
  spec.ema = reader.number("ema", 0, 0.999999, spec.ema);
  spec.flip = reader.boolean("flip", spec.flip);
  spec.shift = static_cast<int>(reader.integer("shift", 0, 1024, spec.shift));
  spec.device = reader.string("device", spec.device);
  reader.finish();
  return spec;
}

nlohmann::ordered_json to_json(const TrainSpec& spec) {
  return {{"images", spec.images},
          {"rungs", spec.rungs.empty() ? std::vector<std::int64_t>{spec.images} : spec.rungs},
          {"batch", spec.batch},
          {"optimizer", spec.optimizer},
          {"learning_rate", spec.learning_rate},
          {"momentum", spec.momentum},
          {"weight_decay", spec.weight_decay},
          {"warmup", spec.warmup},
          {"label_smoothing", spec.label_smoothing},
          {"ema", spec.ema},
          {"flip", spec.flip},
          {"shift", spec.shift},
          {"device", spec.device}};
}

}  // namespace gensynth::train
