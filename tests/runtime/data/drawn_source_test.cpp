#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "runtime/data/dataset.hpp"
#include "runtime/data/digest.hpp"
#include "tests/runtime/data/test/sample_files.hpp"

namespace gensynth::data {
namespace {

using Split = Dataset::Split;

DataSpec drawn(int px, int classes, int images) {
  DataSpec spec;
  spec.px = px;
  spec.classes = classes;
  spec.images = images;
  return spec;
}

std::vector<std::uint8_t> all_pixels(const Dataset& data) {
  std::vector<std::uint8_t> all;
  for (const Split split : {Split::train, Split::holdout, Split::validation}) {
    for (const int image : data.split(split)) {
      all.insert(all.end(), data.pixels(image), data.pixels(image) + data.px() * data.px() * 3);
    }
  }
  return all;
}

TEST(Drawn, HasTheRequestedImages) {
  const test::TemporaryFolder folder;
  const Dataset data = Dataset::open(drawn(24, 0, 0), folder.path());
  EXPECT_EQ(data.classes(), 10);
  EXPECT_EQ(data.split(Split::train).size(), 3600U);
  EXPECT_EQ(data.split(Split::holdout).size(), 400U);
  EXPECT_EQ(data.split(Split::validation).size(), 800U);
  EXPECT_EQ(data.duplicates_dropped(), 0);
  float mean[3];
  float std[3];
  data.mean_std(mean, std);
  for (int c = 0; c < 3; ++c) {
    EXPECT_GT(mean[c], 0.15F);
    EXPECT_LT(mean[c], 0.6F);
    EXPECT_GT(std[c], 0.1F);
  }
}

TEST(Drawn, FollowsFromItsSeedAlone) {
  const test::TemporaryFolder folder;
  DataSpec spec = drawn(20, 20, 5);
  const auto first = all_pixels(Dataset::open(spec, folder / "a"));
  EXPECT_EQ(all_pixels(Dataset::open(spec, folder / "b")), first);
  spec.seed = 2;
  EXPECT_NE(all_pixels(Dataset::open(spec, folder / "a")), first);
}

TEST(Drawn, MoreImagesBeginWithTheSameOnes) {
  const test::TemporaryFolder folder;
  DataSpec spec = drawn(16, 2, 5);
  spec.holdout = 0;
  const Dataset few = Dataset::open(spec, folder.path());
  spec.images = 9;
  const Dataset many = Dataset::open(spec, folder.path());
  for (int i = 0; i < 5; ++i) {
    const std::uint8_t* a = few.pixels(few.split(Split::train)[static_cast<std::size_t>(i)]);
    const std::uint8_t* b = many.pixels(many.split(Split::train)[static_cast<std::size_t>(i)]);
    EXPECT_TRUE(std::equal(a, a + 16 * 16 * 3, b)) << i;
  }
}

TEST(Drawn, RefusesMoreClassesThanItHas) {
  const test::TemporaryFolder folder;
  EXPECT_THAT(test::message_of([&] { Dataset::open(drawn(16, 21, 5), folder.path()); }),
              testing::HasSubstr("at most 20"));
}

/// Share of validation images whose class has the nearest mean of `describe`'s features.
template <typename Describe>
double nearest_mean_accuracy(const Dataset& data, const Describe& describe) {
  std::vector<std::vector<double>> means(static_cast<std::size_t>(data.classes()));
  std::vector<int> counts(means.size(), 0);
  for (const int image : data.split(Split::train)) {
    const auto label = static_cast<std::size_t>(data.label(image));
    const std::vector<double> features = describe(image);
    means[label].resize(features.size());
    for (std::size_t i = 0; i < features.size(); ++i) means[label][i] += features[i];
    ++counts[label];
  }
  int right = 0;
  for (const int image : data.split(Split::validation)) {
    const std::vector<double> features = describe(image);
    std::vector<double> distances;
    for (std::size_t label = 0; label < means.size(); ++label) {
      double distance = 0;
      for (std::size_t i = 0; i < features.size(); ++i) {
        distance += std::pow(features[i] - means[label][i] / counts[label], 2);
      }
      distances.push_back(distance);
    }
    const auto best = std::min_element(distances.begin(), distances.end()) - distances.begin();
    right += best == data.label(image) ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(data.split(Split::validation).size());
}

TEST(Drawn, IsNotSolvedByColoursOrTemplates) {
  const test::TemporaryFolder folder;
  const Dataset data = Dataset::open(drawn(24, 10, 0), folder.path());
  const double colours = nearest_mean_accuracy(data, [&](int image) {
    std::vector<double> histogram(64, 0);
    const std::uint8_t* at = data.pixels(image);
    for (int i = 0; i < 24 * 24; ++i, at += 3) {
      histogram[static_cast<std::size_t>(at[0] / 64 * 16 + at[1] / 64 * 4 + at[2] / 64)] += 1;
    }
    return histogram;
  });
  EXPECT_LT(colours, 0.25);  // a guess is right in 0.1
  const double templates = nearest_mean_accuracy(
      data, [&](int image) { return std::vector<double>(data.pixels(image), data.pixels(image) + 24 * 24 * 3); });
  EXPECT_LT(templates, 0.35);
}

/// Coarse features of one picture: contrast along and across it, brightness left against right, and the share that
/// differs from its border.
std::vector<double> rough_facts(const std::uint8_t* pixels, int px) {
  const auto at = [&](int y, int x, int c) { return static_cast<double>(pixels[(y * px + x) * 3 + c]); };
  const auto grey = [&](int y, int x) { return 0.3 * at(y, x, 0) + 0.6 * at(y, x, 1) + 0.1 * at(y, x, 2); };
  std::array<double, 3> border{};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < px; ++i) {
      border[static_cast<std::size_t>(c)] += (at(0, i, c) + at(px - 1, i, c) + at(i, 0, c) + at(i, px - 1, c)) / 4 / px;
    }
  }
  std::vector<double> facts(5, 0.0);
  for (int y = 1; y < px - 1; ++y) {
    for (int x = 1; x < px - 1; ++x) {
      facts[0] += std::fabs(grey(y, x + 1) - grey(y, x - 1));
      facts[1] += std::fabs(grey(y + 1, x) - grey(y - 1, x));
      facts[2] += (x < px / 2 ? 1 : -1) * std::fabs(grey(y, x + 1) - 2 * grey(y, x) + grey(y, x - 1));
      facts[3] += grey(y, x);
      double distance = 0;
      for (int c = 0; c < 3; ++c) distance += std::fabs(at(y, x, c) - border[static_cast<std::size_t>(c)]);
      facts[4] += distance > 120 ? 1 : 0;
    }
  }
  return facts;
}

TEST(Drawn, ClassesDifferWithinAPair) {
  // Over many images, the two classes of each pair differ in some coarse feature by far more than by chance.
  const test::TemporaryFolder folder;
  constexpr int kImages = 400;
  DataSpec spec = drawn(24, 20, kImages);
  spec.holdout = 0;
  const Dataset data = Dataset::open(spec, folder.path());
  std::vector<std::vector<double>> mean(20, std::vector<double>(5));
  std::vector<std::vector<double>> square = mean;
  for (const int image : data.split(Split::train)) {
    const std::vector<double> facts = rough_facts(data.pixels(image), 24);
    const auto label = static_cast<std::size_t>(data.label(image));
    for (std::size_t i = 0; i < facts.size(); ++i) {
      mean[label][i] += facts[i] / kImages;
      square[label][i] += facts[i] * facts[i] / kImages;
    }
  }
  for (std::size_t a = 0; a < 20; a += 2) {
    const std::size_t b = a + 1;
    double strongest = 0;  // in standard errors
    for (std::size_t i = 0; i < mean[a].size(); ++i) {
      const double variance = square[a][i] - mean[a][i] * mean[a][i] + square[b][i] - mean[b][i] * mean[b][i];
      strongest = std::max(strongest, std::fabs(mean[a][i] - mean[b][i]) / std::sqrt(variance / kImages));
    }
    EXPECT_GT(strongest, 4) << data.class_names()[a] << " and " << data.class_names()[b];
  }
}

}  // namespace
}  // namespace gensynth::data
