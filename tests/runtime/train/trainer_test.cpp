#include "runtime/train/trainer.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "architecture/base/error.hpp"
#include "runtime/torch/network.hpp"
#include "tests/runtime/train/drawn_data.hpp"

namespace gensynth::train {
namespace {

using testing::HasSubstr;

/// A small network with all layers that have state: batch norm, dropout, a blur, a gate.
Architecture small(int classes = 4) {
  ArchitectureBuilder b("small", {Layout::map, 3, 64, 64});
  const auto normalised = [&](const Operator& op, int v) {
    return b.add(Activation{}, b.add(BatchNorm{}, b.add(op, v)));
  };
  int v = normalised(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  v = normalised(Convolution{.out_channels = 8, .kernel = {3, 3}, .padding = {1, 1}, .groups = 8},
                 b.add(BlurPool{}, v));
  v = normalised(Convolution{.out_channels = 24}, v);
  const int gate = b.add(Activation{ActivationKind::sigmoid},
                         b.add(Convolution{.out_channels = 24, .bias = true}, b.add(GlobalPool{}, v)));
  v = normalised(Convolution{.out_channels = 32, .kernel = {3, 3}, .padding = {1, 1}}, b.add(Multiply{}, {v, gate}));
  return b.build(b.add(Linear{classes}, b.add(Dropout{0.1}, b.add(GlobalPool{}, v))));
}

/// A network deep enough to distinguish the drawn figures.
Architecture learner() {
  ArchitectureBuilder b("learner", {Layout::map, 3, 32, 32});
  const auto normalised = [&](const Operator& op, int v) {
    return b.add(Activation{}, b.add(BatchNorm{}, b.add(op, v)));
  };
  int v = normalised(Convolution{.out_channels = 16, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  for (const int channels : {32, 64, 128}) {
    if (channels > 32) v = b.add(BlurPool{}, v);
    for (int block = 0; block < 2; ++block) {
      const int in = b.shape(v).channels;
      v = normalised(Convolution{.out_channels = in, .kernel = {3, 3}, .padding = {1, 1}, .groups = in}, v);
      v = normalised(Convolution{.out_channels = channels}, v);
    }
  }
  return b.build(b.add(Linear{4}, b.add(GlobalPool{}, v)));
}

TrainSpec short_spec() {
  TrainSpec spec;
  spec.images = 640;
  spec.rungs = {160, 320, 640};
  spec.batch = 16;
  spec.ema = 0.9;
  return spec;
}

void expect_equal(const TrainResult& a, const TrainResult& b) {
  ASSERT_EQ(a.rungs.size(), b.rungs.size());
  for (std::size_t i = 0; i < a.rungs.size(); ++i) {
    EXPECT_EQ(a.rungs[i].images, b.rungs[i].images);
    EXPECT_EQ(a.rungs[i].train_loss, b.rungs[i].train_loss) << i;
    EXPECT_EQ(a.rungs[i].held_out.loss, b.rungs[i].held_out.loss) << i;
    EXPECT_EQ(a.rungs[i].held_out.top1, b.rungs[i].held_out.top1) << i;
    EXPECT_EQ(a.rungs[i].held_out.balanced_accuracy, b.rungs[i].held_out.balanced_accuracy) << i;
  }
  ASSERT_EQ(a.weights.size(), b.weights.size());
  for (const auto& [name, array] : a.weights) EXPECT_EQ(array.values, b.weights.at(name).values) << name;
}

std::string fresh_path(const std::string& name) {
  const std::string path = testing::TempDir() + "gensynth_trainer_test_" + name;
  std::filesystem::remove(path);
  return path;
}

template <class What>
std::string message_of(What what) {
  try {
    what();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class TrainerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { libtorch::set_up_torch_process(); }
  const data::Dataset data_ = drawn_data();
};

TEST_F(TrainerTest, LearnsFarAboveChance) {
  TrainSpec spec;
  spec.images = 6000;
  spec.rungs = {2000, 6000};
  const TrainResult result = train(learner(), data_, spec, 1);
  ASSERT_EQ(result.rungs.size(), 2U);
  EXPECT_FALSE(result.diverged);
  EXPECT_GT(result.rungs[1].held_out.top1, 50);  // chance is 25
  EXPECT_LT(result.rungs[1].train_loss, result.rungs[0].train_loss);
  EXPECT_EQ(result.rungs[1].held_out.top5, 100);  // four classes
  const Evaluation again = evaluate(learner(), result.weights, data_, data::Dataset::Split::holdout);
  EXPECT_EQ(again.top1, result.rungs[1].held_out.top1);
  EXPECT_EQ(again.loss, result.rungs[1].held_out.loss);
}

TEST_F(TrainerTest, AdamWLearnsToo) {
  TrainSpec spec;
  spec.images = 4000;
  spec.optimizer = "adamw";
  spec.learning_rate = 3e-3;
  spec.weight_decay = 0.05;
  EXPECT_GT(train(learner(), data_, spec, 1).rungs.back().held_out.top1, 40);
}

TEST_F(TrainerTest, TheSameSeedGivesTheSameBits) {
  const TrainResult first = train(small(), data_, short_spec(), 5);
  expect_equal(first, train(small(), data_, short_spec(), 5));
  EXPECT_NE(first.rungs[0].train_loss, train(small(), data_, short_spec(), 6).rungs[0].train_loss);
}

TEST_F(TrainerTest, RungsAreCountedInImages) {
  const TrainResult result = train(small(), data_, short_spec(), 5);
  ASSERT_EQ(result.rungs.size(), 3U);
  EXPECT_EQ(result.rungs[0].images, 160);
  EXPECT_EQ(result.rungs[2].images, 640);
  EXPECT_EQ(result.images, 640);
  EXPECT_GT(result.seconds, 0);
}

TEST_F(TrainerTest, AnAbsurdRateDivergesAndSaysSo) {
  TrainSpec spec = short_spec();
  spec.learning_rate = 1e6;
  spec.warmup = 0;
  spec.ema = 0;
  spec.images = 6400;
  spec.rungs = {};
  const TrainResult result = train(small(), data_, spec, 5);
  EXPECT_TRUE(result.diverged);
  EXPECT_LT(result.images, 6400);
  EXPECT_TRUE(result.weights.empty());
  EXPECT_TRUE(result.rungs.empty());
}

class ResumeTest : public TrainerTest, public testing::WithParamInterface<const char*> {};

TEST_P(ResumeTest, StoppedAndResumedEqualsUninterrupted) {
  TrainSpec spec = short_spec();
  spec.optimizer = GetParam();
  if (spec.optimizer == "adamw") spec.learning_rate = 3e-3;
  const TrainResult whole = train(small(), data_, spec, 5);
  const std::string path = fresh_path(GetParam());
  for (std::size_t stop = 1; stop <= 2; ++stop) {
    const auto proceed = [&](const TrainResult& so_far) { return so_far.rungs.size() < stop; };
    const TrainResult part = train(small(), data_, spec, 5, proceed, path);
    EXPECT_TRUE(part.stopped);
    EXPECT_EQ(part.rungs.size(), stop);
    EXPECT_FALSE(part.weights.empty());
  }
  const TrainResult rest = train(small(), data_, spec, 5, {}, path);
  EXPECT_FALSE(rest.stopped);
  expect_equal(whole, rest);
  expect_equal(whole, train(small(), data_, spec, 5, {}, path));  // nothing is left to do
}

TEST_P(ResumeTest, StoppedBetweenRungsToo) {
  TrainSpec spec = short_spec();
  spec.optimizer = GetParam();
  if (spec.optimizer == "adamw") spec.learning_rate = 3e-3;
  const std::string path = fresh_path(std::string("between_") + GetParam());
  int asked = 0;
  const TrainResult part = train(
      small(), data_, spec, 5,
      [&](const TrainResult&) {
        if (++asked == 2) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // so long that the next step asks again
        return true;
      },
      path);
  EXPECT_TRUE(part.stopped);
  EXPECT_EQ(part.rungs.size(), 1U);
  EXPECT_EQ(part.images, 176);  // one step after the first rung
  expect_equal(train(small(), data_, spec, 5), train(small(), data_, spec, 5, {}, path));
}

INSTANTIATE_TEST_SUITE_P(Optimizers, ResumeTest, testing::Values("sgd", "adamw"));

TEST_F(TrainerTest, ACheckpointOfAnotherTrainingIsRefused) {
  const std::string path = fresh_path("other");
  TrainSpec spec = short_spec();
  spec.images = 32;
  spec.rungs = {};
  train(small(), data_, spec, 5, {}, path);
  EXPECT_THAT(message_of([&] { train(small(), data_, spec, 6, {}, path); }), HasSubstr("seed"));
  spec.batch = 8;
  EXPECT_THAT(message_of([&] { train(small(), data_, spec, 5, {}, path); }), HasSubstr("spec"));
  std::ofstream(path) << "torn";
  EXPECT_THAT(message_of([&] { train(small(), data_, spec, 5, {}, path); }), HasSubstr(path));
}

TEST_F(TrainerTest, TheCallbackSeesEveryRungAndMayStop) {
  std::vector<std::size_t> rungs;
  const TrainResult result = train(small(), data_, short_spec(), 5, [&](const TrainResult& so_far) {
    if (rungs.empty() || rungs.back() != so_far.rungs.size()) rungs.push_back(so_far.rungs.size());
    return so_far.rungs.size() < 2;
  });
  EXPECT_EQ(rungs, (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(result.images, 320);
}

TEST_F(TrainerTest, TheAverageIsWhatIsEvaluated) {
  TrainSpec spec = short_spec();
  spec.ema = 0.99;
  const TrainResult averaged = train(small(), data_, spec, 5);
  spec.ema = 0;
  const TrainResult plain = train(small(), data_, spec, 5);
  EXPECT_EQ(averaged.rungs[2].train_loss, plain.rungs[2].train_loss);
  for (const auto& [name, array] : averaged.weights) {  // statistics are averaged with the weights
    if (!name.ends_with("running_var")) continue;
    EXPECT_NE(array.values, std::vector<float>(array.values.size(), 1)) << name;
    EXPECT_NE(array.values, plain.weights.at(name).values) << name;
  }
  EXPECT_NE(averaged.rungs[2].held_out.loss, plain.rungs[2].held_out.loss);
  EXPECT_EQ(evaluate(small(), averaged.weights, data_, data::Dataset::Split::holdout).loss,
            averaged.rungs[2].held_out.loss);
}

TEST_F(TrainerTest, EvaluationIsThatOfTheNetworkInInferenceMode) {
  const Weights weights = train(small(), data_, short_spec(), 5).weights;
  libtorch::Network network(small().at_resolution(32), 1);
  network.load(weights);
  network.train(false);
  const c10::NoGradGuard no_grad;
  float mean[3], std[3];
  data_.mean_std(mean, std);
  double loss = 0;
  int right = 0;
  const std::vector<int>& images = data_.split(data::Dataset::Split::holdout);
  for (const int image : images) {  // one by one: no image may depend on those beside it
    at::Tensor pixels = at::empty({1, 3, 32, 32});
    for (int c = 0; c < 3; ++c) {
      for (int place = 0; place < 32 * 32; ++place) {
        const float value = static_cast<float>(data_.pixels(image)[3 * place + c]) / 255;
        pixels.data_ptr<float>()[c * 32 * 32 + place] = (value - mean[c]) / std[c];
      }
    }
    const at::Tensor chances = at::log_softmax(network.forward(pixels), 1);
    loss -= chances[0][data_.label(image)].item<double>();
    right += chances.argmax(1).item<std::int64_t>() == data_.label(image) ? 1 : 0;
  }
  const Evaluation found = evaluate(small(), weights, data_, data::Dataset::Split::holdout);
  const auto count = static_cast<double>(images.size());
  EXPECT_NEAR(found.loss, loss / count, 1e-4);
  EXPECT_NEAR(found.top1, 100 * right / count, 100.01 / count);  // a tie may fall either way
}

TEST_F(TrainerTest, EvaluatingMoreOftenChangesNoWeight) {
  TrainSpec rarely = short_spec();
  rarely.rungs = {};
  rarely.ema = 0;
  TrainSpec often = rarely;
  often.rungs = {100, 300, 500, 640};
  const Weights wanted = train(small(), data_, rarely, 5).weights;
  for (const auto& [name, array] : train(small(), data_, often, 5).weights) {
    EXPECT_EQ(array.values, wanted.at(name).values) << name;
  }
}

TEST_F(TrainerTest, EvaluationOfAnUntrainedNetworkIsChance) {
  const Architecture network = small().at_resolution(32);
  const Evaluation chance = evaluate(network, initial_weights(network, 1), data_, data::Dataset::Split::train);
  EXPECT_NEAR(chance.top1, 25, 10);
  EXPECT_EQ(chance.top5, 100);
}

TEST_F(TrainerTest, MisfitsAreNamed) {
  EXPECT_THAT(message_of([&] { train(small(10), data_, short_spec(), 1); }), HasSubstr("[10]"));
  TrainSpec spec = short_spec();
  spec.learning_rate = -1;
  EXPECT_THAT(message_of([&] { train(small(), data_, spec, 1); }), HasSubstr("learning_rate"));
  spec = short_spec();
  spec.device = "cuda:77";
  EXPECT_THAT(message_of([&] { train(small(), data_, spec, 1); }), HasSubstr("cuda:77"));
  data::DataSpec empty;
  empty.px = 32;
  empty.classes = 4;
  empty.images = 200;
  empty.holdout = 0;
  const data::Dataset none = data::Dataset::open(empty, testing::TempDir() + "gensynth_drawn_data");
  EXPECT_THAT(message_of([&] { train(small(), none, short_spec(), 1); }), HasSubstr("hold-out"));
}

}  // namespace
}  // namespace gensynth::train
