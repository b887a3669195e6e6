#include "runtime/train/class_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "architecture/base/random.hpp"
#include "runtime/torch/network.hpp"

namespace gensynth::train {
namespace {

Architecture small() {
  ArchitectureBuilder b("small", {Layout::map, 3, 32, 32});
  const int v = b.add(Convolution{.out_channels = 8, .kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}, b.input());
  return b.build(b.add(Linear{2}, b.add(GlobalPool{}, b.add(Activation{}, b.add(BatchNorm{}, v)))));
}

/// Noise: 36 brighter and 3 darker images; a third of each class is held out.
data::Dataset imbalanced_data() {
  const std::string folder = testing::TempDir() + "gensynth_class_weights_test_imbalanced";
  std::filesystem::create_directories(folder);
  constexpr int kSide = 32, kBright = 36, kDark = 3;
  Rng rng(7);
  std::string images{0, 0, 8, 3, 0, 0, 0, kBright + kDark, 0, 0, 0, kSide, 0, 0, 0, kSide};
  std::string labels{0, 0, 8, 1, 0, 0, 0, kBright + kDark};
  for (int image = 0; image < kBright + kDark; ++image) {
    labels.push_back(image < kBright ? 0 : 1);
    const std::uint64_t base = image < kBright ? 90 : 70;
    for (int place = 0; place < kSide * kSide; ++place) images.push_back(static_cast<char>(base + rng() % 60));
  }
  std::ofstream(folder + "/train-images-idx3-ubyte", std::ios::binary) << images;
  std::ofstream(folder + "/train-labels-idx1-ubyte", std::ios::binary) << labels;
  data::DataSpec spec;
  spec.kind = data::DataKind::idx;
  spec.paths = {folder};
  spec.px = kSide;
  spec.classes = 0;
  spec.holdout = 0.34;
  return data::Dataset::open(spec, folder + "/cache");
}

/// Weights of small() with which it answers class 0 with a logit of 1 and class 1 with 0, whatever the image.
Weights constant_answer() {
  Weights weights = initial_weights(small(), 1);
  int changed = 0;
  for (auto& [name, array] : weights) {
    if (array.shape == std::vector<std::int64_t>{2}) array.values = {1, 0};
    if (array.shape == std::vector<std::int64_t>{2, 8}) array.values.assign(16, 0);
    changed += array.shape[0] == 2 ? 1 : 0;
  }
  EXPECT_EQ(changed, 2) << "weights and bias of the last layer";
  return weights;
}

TrainSpec spec_of_two_rungs() {
  TrainSpec spec;
  spec.images = 320;
  spec.rungs = {160, 320};
  spec.batch = 16;
  return spec;
}

void expect_equal(const TrainResult& a, const TrainResult& b) {
  ASSERT_EQ(a.rungs.size(), b.rungs.size());
  for (std::size_t i = 0; i < a.rungs.size(); ++i) {
    EXPECT_EQ(a.rungs[i].train_loss, b.rungs[i].train_loss) << i;
    EXPECT_EQ(a.rungs[i].held_out.balanced_accuracy, b.rungs[i].held_out.balanced_accuracy) << i;
  }
  for (const auto& [name, array] : a.weights) EXPECT_EQ(array.values, b.weights.at(name).values) << name;
}

struct ClassWeights : testing::Test {
  static void SetUpTestSuite() { libtorch::set_up_torch_process(); }
};

TEST_F(ClassWeights, AreInverseToTheSizeOfTheClass) {
  const data::Dataset data = imbalanced_data();
  TrainSpec spec;
  EXPECT_TRUE(class_weights(data, spec).empty());
  spec.class_weights = "balanced";
  EXPECT_EQ(class_weights(data, spec), (std::vector<float>{26.0F / 48, 26.0F / 4}));
}

TEST_F(ClassWeights, ChangeTheTrainingAndNoneChangesNothing) {
  const data::Dataset data = imbalanced_data();
  TrainSpec spec = spec_of_two_rungs();
  const TrainResult plain = train(small(), data, spec, 5);
  spec.class_weights = "none";
  expect_equal(plain, train(small(), data, spec, 5));
  spec.class_weights = "balanced";
  const TrainResult weighted = train(small(), data, spec, 5);
  EXPECT_NE(weighted.rungs[0].train_loss, plain.rungs[0].train_loss);
  EXPECT_TRUE(std::any_of(plain.weights.begin(), plain.weights.end(), [&](const auto& item) {
    return item.second.values != weighted.weights.at(item.first).values;
  }));
  const std::string path = testing::TempDir() + "gensynth_class_weights_test_state";
  std::filesystem::remove(path);
  const auto proceed = [](const TrainResult& so_far) { return so_far.rungs.empty(); };
  EXPECT_TRUE(train(small(), data, spec, 5, proceed, path).stopped);
  expect_equal(weighted, train(small(), data, spec, 5, {}, path));  // resumed
}

TEST_F(ClassWeights, GiveEachClassTheSamePartInTheLoss) {
  const data::Dataset data = imbalanced_data();
  ASSERT_EQ(data.split(data::Dataset::Split::train).size(), 26U);  // 24 and 2
  TrainSpec spec;
  spec.images = 26;  // one step with every image once
  spec.batch = 26;
  spec.label_smoothing = 0;
  const Weights start = constant_answer();
  const double of_class0 = std::log1p(std::exp(-1)), of_class1 = std::log1p(std::exp(1));
  const auto loss = [&] { return train(small(), data, spec, 5, {}, "", &start).rungs.back().train_loss; };
  EXPECT_NEAR(loss(), (24 * of_class0 + 2 * of_class1) / 26, 1e-5);
  spec.class_weights = "balanced";
  EXPECT_NEAR(loss(), (of_class0 + of_class1) / 2, 1e-5);
}

TEST_F(ClassWeights, BalancedAccuracyIsTheMeanOverTheClasses) {
  const data::Dataset data = imbalanced_data();
  const Evaluation training = evaluate(small(), constant_answer(), data, data::Dataset::Split::train);
  EXPECT_DOUBLE_EQ(training.top1, 100.0 * 24 / 26);
  EXPECT_DOUBLE_EQ(training.balanced_accuracy, 50);
  const Evaluation held_out = evaluate(small(), constant_answer(), data, data::Dataset::Split::holdout);
  EXPECT_DOUBLE_EQ(held_out.top1, 100.0 * 12 / 13);
  EXPECT_DOUBLE_EQ(held_out.balanced_accuracy, 50);
}

}  // namespace
}  // namespace gensynth::train
