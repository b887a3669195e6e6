#include "runtime/train/trainer.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/serialize.hpp"
#include "runtime/data/digest.hpp"
#include "runtime/torch/network.hpp"
#include "runtime/torch/process.hpp"
#include "runtime/train/batches.hpp"
#include "runtime/train/checkpoint.hpp"
#include "runtime/train/class_weights.hpp"
#include "runtime/train/evaluation.hpp"
#include "runtime/train/optimizer.hpp"

namespace gensynth::train {
namespace {

constexpr double kNoLoss = std::numeric_limits<double>::quiet_NaN();  // of a rung without a step
/// A mean training loss of so many times the cross-entropy of guessing means that the weights have run away: guessing
/// itself is within reach of any network.
constexpr double kDivergedOverGuessing = 50;

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kAskEvery{2};
constexpr std::chrono::seconds kSaveEvery{10};

std::vector<std::int64_t> effective_rungs(const TrainSpec& spec) {
  std::vector<std::int64_t> rungs = spec.rungs;
  if (rungs.empty() || rungs.back() < spec.images) rungs.push_back(spec.images);
  return rungs;
}

void check(const TrainSpec& spec) {
  // The reader of the JSON form checks all ranges, so that the specification passes through it.
  train_spec_from_json(to_json(spec), "training", "");
}

/// Changes with every value.
std::string digest_of(const Weights& weights) {
  std::string digests;
  for (const auto& [name, array] : weights) {
    digests += name + " " + to_string(data::digest(array.values.data(), array.values.size() * sizeof(float))) + "\n";
  }
  return to_string(data::digest(digests.data(), digests.size()));
}

/// For the loss; undefined where every image counts alike.
at::Tensor class_weight_tensor(const data::Dataset& data, const TrainSpec& spec) {
  const std::vector<float> weights = class_weights(data, spec);
  if (weights.empty()) return {};
  at::Tensor result = at::empty({static_cast<std::int64_t>(weights.size())}, at::kFloat);
  std::copy(weights.begin(), weights.end(), result.data_ptr<float>());
  return result.to(libtorch::torch_device(spec.device));
}

std::uint64_t weights_seed(std::uint64_t seed) { return derive_seed(seed, 0, "initial weights"); }

class Training {
 public:
  Training(const Architecture& architecture, const data::Dataset& data, const TrainSpec& spec, std::uint64_t seed,
           const Weights* initial)
      : data_(data),
        spec_(spec),
        seed_(seed),
        rungs_(effective_rungs(spec)),
        steps_((spec.images + spec.batch - 1) / spec.batch),
        network_(architecture, weights_seed(seed), spec.device),
        optimizer_(network_, spec),
        stream_(data, spec, seed),
        normalizer_(data),
        class_weights_(class_weight_tensor(data, spec)) {
    if (initial != nullptr) {
      network_.load(*initial);
      start_ = digest_of(*initial);
    }
    if (spec.ema > 0) {
      average_.emplace(architecture, 0, spec.device);
      average_->load(network_.weights());
    }
  }

  TrainResult run(const std::function<bool(const TrainResult&)>& proceed, const std::string& state_path);

 private:
  bool step();  ///< false when the loss is no longer finite
  void average();
  void finish_rung();
  libtorch::Network& evaluated() { return average_ ? *average_ : network_; }
  bool rung_reached() const {
    return optimizer_.steps() * spec_.batch >= rungs_[result_.rungs.size()] || optimizer_.steps() >= steps_;
  }

  nlohmann::json identity() const;
  void save(const std::string& path);
  void resume(const std::string& path);

  const data::Dataset& data_;
  const TrainSpec& spec_;
  std::uint64_t seed_;
  std::string start_;  // digest of given weights
  std::vector<std::int64_t> rungs_;
  std::int64_t steps_;
  libtorch::Network network_;
  std::optional<libtorch::Network> average_;
  Optimizer optimizer_;
  BatchStream stream_;
  Normalizer normalizer_;
  at::Tensor class_weights_;
  std::vector<std::uint8_t> bytes_;
  TrainResult result_;
  double loss_sum_ = 0;  // over the steps since the last rung
  std::int64_t loss_steps_ = 0;
};

bool Training::step() {
  const std::int64_t px = data_.px();
  const std::int64_t number = optimizer_.steps();
  at::Tensor pixels = at::empty({spec_.batch, px, px, 3}, at::kFloat);
  at::Tensor labels = at::empty({spec_.batch}, at::kLong);
  bytes_.resize(static_cast<std::size_t>(pixels.numel()));
  stream_.fill(number, bytes_.data(), labels.data_ptr<std::int64_t>());
  normalizer_.apply(bytes_.data(), pixels.data_ptr<float>(), spec_.batch * px);

  network_.reseed(derive_seed(seed_, static_cast<std::uint64_t>(number), "dropout"));
  const at::Tensor out = scores(network_, pixels.permute({0, 3, 1, 2}));
  const c10::optional<at::Tensor> weights =
      class_weights_.defined() ? c10::make_optional(class_weights_) : c10::nullopt;
  const at::Tensor loss =
      at::cross_entropy_loss(out, labels.to(out.device()), weights, at::Reduction::Mean, -100, spec_.label_smoothing);
  const double value = loss.item<double>();
  if (!std::isfinite(value)) return false;
  optimizer_.clear_gradients();
  if (loss.requires_grad()) loss.backward();
  optimizer_.step(scheduled_rate(spec_.learning_rate, spec_.warmup, number, steps_));
  if (average_) average();
  loss_sum_ += value;
  ++loss_steps_;
  result_.images = optimizer_.steps() * spec_.batch;
  return true;
}

void Training::average() {
  // At first the average follows quickly, so that the untrained weights do not stay in it.
  const auto steps = static_cast<double>(optimizer_.steps());
  const double share = 1 - std::min(spec_.ema, (1 + steps) / (10 + steps));
  const c10::NoGradGuard no_grad;
  const auto follow = [share](std::vector<at::Tensor> to, const std::vector<at::Tensor>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i].lerp_(from[i], share);
  };
  follow(average_->parameters(), network_.parameters());
  follow(average_->buffers(), network_.buffers());
}

void Training::finish_rung() {
  RungResult rung;
  rung.images = rungs_[result_.rungs.size()];
  rung.train_loss = loss_steps_ > 0 ? loss_sum_ / static_cast<double>(loss_steps_) : kNoLoss;
  rung.held_out = evaluate_network(evaluated(), data_, data::Dataset::Split::holdout);
  loss_sum_ = 0;
  loss_steps_ = 0;
  const double guessing = std::log(std::max(data_.classes(), 2));
  if (!std::isfinite(rung.held_out.loss) || rung.train_loss > kDivergedOverGuessing * guessing) {
    result_.diverged = true;
    return;
  }
  result_.rungs.push_back(rung);
}

TrainResult Training::run(const std::function<bool(const TrainResult&)>& proceed, const std::string& state_path) {
  if (!state_path.empty() && std::filesystem::exists(state_path)) resume(state_path);
  const auto begin = Clock::now();
  const double seconds_before = result_.seconds;
  auto asked = begin, saved = begin;
  while (result_.rungs.size() < rungs_.size() && !result_.diverged && !result_.stopped) {
    if (!rung_reached() && !step()) {
      result_.diverged = true;
      break;
    }
    const bool at_rung = rung_reached();
    while (result_.rungs.size() < rungs_.size() && rung_reached() && !result_.diverged) finish_rung();
    const auto now = Clock::now();
    result_.seconds = seconds_before + std::chrono::duration<double>(now - begin).count();
    if (proceed && (at_rung || now - asked >= kAskEvery)) {
      asked = now;
      const bool more = result_.rungs.size() < rungs_.size() && !result_.diverged;
      result_.stopped = !proceed(result_) && more;
    }
    if (!state_path.empty() && !result_.diverged && (at_rung || result_.stopped || now - saved >= kSaveEvery)) {
      save(state_path);
      saved = Clock::now();
    }
  }
  result_.seconds = seconds_before + std::chrono::duration<double>(Clock::now() - begin).count();
  if (!result_.diverged) result_.weights = evaluated().weights();
  return std::move(result_);
}

nlohmann::json Training::identity() const {
  nlohmann::json result = {{"architecture", to_json(network_.architecture()).dump()},
                           {"spec", to_json(spec_)},
                           {"seed", seed_},
                           {"data", data_.id()},
                           {"torch", libtorch::torch_version()}};
  if (!start_.empty()) result["start"] = start_;
  return result;
}

void Training::save(const std::string& path) {
  nlohmann::json rungs = nlohmann::json::array();
  for (const RungResult& rung : result_.rungs) {
    rungs.push_back({rung.images, rung.train_loss, rung.held_out.top1, rung.held_out.top5, rung.held_out.loss,
                     rung.held_out.balanced_accuracy});
  }
  Checkpoint checkpoint;
  checkpoint.description = {{"identity", identity()}, {"steps", optimizer_.steps()}, {"rungs", rungs},
                            {"loss_sum", loss_sum_},  {"loss_steps", loss_steps_},   {"seconds", result_.seconds}};
  const auto add = [&](const std::string& prefix, const Weights& weights) {
    for (const auto& [name, array] : weights) checkpoint.arrays[prefix + name] = array;
  };
  add("network/", network_.weights());
  if (average_) add("average/", average_->weights());
  for (std::size_t i = 0; i < optimizer_.state().size(); ++i) {
    const at::Tensor plain = optimizer_.state()[i].to(at::kCPU).contiguous();
    const float* values = plain.data_ptr<float>();
    checkpoint.arrays["optimizer/" + std::to_string(i)] = {plain.sizes().vec(), {values, values + plain.numel()}};
  }
  write_checkpoint(checkpoint, path);
}

void Training::resume(const std::string& path) {
  Checkpoint checkpoint = read_checkpoint(path);
  const nlohmann::json& description = checkpoint.description;
  try {
    const nlohmann::json mine = identity();
    const nlohmann::json& theirs = description.at("identity");
    for (const char* key : {"architecture", "spec", "seed", "data", "torch", "start"}) {
      if (theirs.value(key, nlohmann::json()) != mine.value(key, nlohmann::json())) {
        throw Error(path + ": a checkpoint of another training (its " + key + " differs)");
      }
    }
    optimizer_.set_steps(description.at("steps").get<std::int64_t>());
    loss_sum_ = description.at("loss_sum").get<double>();
    loss_steps_ = description.at("loss_steps").get<std::int64_t>();
    result_.seconds = description.at("seconds").get<double>();
    for (const nlohmann::json& rung : description.at("rungs")) {
      // Checkpoints of earlier versions have no balanced accuracy.
      result_.rungs.push_back({rung.at(0).get<std::int64_t>(),
                               rung.at(1).is_null() ? kNoLoss : rung.at(1).get<double>(),
                               {rung.at(2).get<double>(), rung.at(3).get<double>(), rung.at(4).get<double>(),
                                rung.size() > 5 && rung.at(5).is_number() ? rung.at(5).get<double>() : std::nan("")}});
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(path + ": " + error.what());
  }
  result_.images = optimizer_.steps() * spec_.batch;
  const auto part = [&](const std::string& prefix) {
    Weights out;
    for (auto& [name, array] : checkpoint.arrays) {
      if (name.compare(0, prefix.size(), prefix) == 0) out[name.substr(prefix.size())] = std::move(array);
    }
    return out;
  };
  network_.load(part("network/"));
  if (average_) average_->load(part("average/"));
  const Weights momenta = part("optimizer/");
  for (std::size_t i = 0; i < optimizer_.state().size(); ++i) {
    at::Tensor state = optimizer_.state()[i];
    const auto found = momenta.find(std::to_string(i));
    if (found == momenta.end() || state.sizes() != at::IntArrayRef(found->second.shape)) {
      throw Error(path + ": optimizer state " + std::to_string(i) + " is missing or of another shape");
    }
    state.copy_(at::from_blob(const_cast<float*>(found->second.values.data()), found->second.shape, at::kFloat));
  }
}

}  // namespace

TrainResult train(const Architecture& architecture, const data::Dataset& data, const TrainSpec& spec,
                  std::uint64_t seed, const std::function<bool(const TrainResult&)>& proceed,
                  const std::string& state_path, const Weights* initial) {
  check(spec);
  return Training(fitted(architecture, data), data, spec, seed, initial).run(proceed, state_path);
}

Weights starting_weights(const Architecture& architecture, std::uint64_t seed) {
  return initial_weights(architecture, weights_seed(seed));
}

}  // namespace gensynth::train
