#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"
#include "runtime/train/trainer.hpp"

namespace gensynth::train {
namespace {

constexpr double kMaxImages = 1e12;

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

/// AdamW's usual values replace those of SGD where the job gives none.
void set_usual_values(TrainSpec& spec) {
  if (spec.optimizer != "adamw") return;
  spec.learning_rate = kAdamWLearningRate;
  spec.weight_decay = kAdamWWeightDecay;
}

OptionList<TrainSpec> declare() {
  OptionList<TrainSpec> options;
  options.add("images", &TrainSpec::images, between(1, kMaxImages), "images seen in training, all epochs together");
  auto& rungs = options.custom(
      "rungs", "the hold-out is evaluated after so many images; the last rung is always `images`",
      R"({"type": "array", "items": {"type": "integer", "minimum": 1}, "uniqueItems": true})",
      [](JsonReader& reader, TrainSpec& spec) { spec.rungs = read_rungs(reader, spec.images); },
      [](const TrainSpec& spec, nlohmann::ordered_json& result) {
        result["rungs"] = spec.rungs.empty() ? std::vector<std::int64_t>{spec.images} : spec.rungs;
      });
  rungs.shown_default = "[images]";
  rungs.shown_values = "ascending, to `images`";
  options.add("batch", &TrainSpec::batch, between(2, 65'536), "images in a step");
  options.add("optimizer", &TrainSpec::optimizer, one_of({"sgd", "adamw"}), "`sgd` has Nesterov momentum").after =
      [](JsonReader&, void* spec) { set_usual_values(*static_cast<TrainSpec*>(spec)); };
  options.add("learning_rate", &TrainSpec::learning_rate, between(0, 1e6), "peak; falls to 0 along a cosine")
      .shown_default = "0.05; adamw 0.003";
  options.add("momentum", &TrainSpec::momentum, between(0, 0.9999), "momentum of sgd");
  options.add("weight_decay", &TrainSpec::weight_decay, between(0, 10), "weight decay").shown_default =
      "0.0001; adamw 0.05";
  options.add("warmup", &TrainSpec::warmup, between(0, 1), "share of the budget in which the learning rate rises");
  options.add("label_smoothing", &TrainSpec::label_smoothing, between(0, 0.99), "share of the target spread evenly");
  options.add("ema", &TrainSpec::ema, between(0, 0.999999), "decay of the weight average that is evaluated; 0 = none");
  options.add("flip", &TrainSpec::flip, anything(), "random horizontal flips");
  options.add("shift", &TrainSpec::shift, between(0, 1024), "random shifts of up to so many px, borders reflected");
  options.add("class_weights", &TrainSpec::class_weights, one_of({"none", "balanced"}),
              "`balanced`: an image counts in the loss by the inverse share of its class among the training images");
  options.add("device", &TrainSpec::device, anything(), "device of LibTorch").shown_values = "`cpu`, `cuda`, `cuda:N`";
  return options;
}

}  // namespace

const OptionList<TrainSpec>& train_options() {
  static const OptionList<TrainSpec> options = declare();
  return options;
}

TrainSpec train_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer) {
  return train_options().read(value, source, pointer);
}

nlohmann::ordered_json to_json(const TrainSpec& spec) { return train_options().write(spec); }

}  // namespace gensynth::train
