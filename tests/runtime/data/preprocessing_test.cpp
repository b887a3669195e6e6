#include "runtime/data/preprocessing.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

namespace gensynth::data {
namespace {

TEST(Preprocessing, IsThatOfTheTrainingSplit) {
  const std::string cache = testing::TempDir() + "preprocessing_test_" + std::to_string(getpid());
  DataSpec spec;
  spec.px = 16;
  spec.classes = 3;
  spec.images = 20;
  const Dataset data = Dataset::open(spec, cache);
  const ModelCard card = card_of(data);
  std::filesystem::remove_all(cache);
  float mean[3], deviation[3];
  data.mean_std(mean, deviation);
  ASSERT_EQ(card.preprocessing.mean.size(), 3U);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(static_cast<float>(card.preprocessing.mean[c]), mean[c]);
    EXPECT_EQ(static_cast<float>(card.preprocessing.deviation[c]), deviation[c]);
    EXPECT_GT(card.preprocessing.deviation[c], 1e-3);
  }
  EXPECT_EQ(card.preprocessing.px, 16);
  EXPECT_EQ(card.preprocessing.channels, "RGB");
  EXPECT_EQ(card.classes, data.class_names());
  EXPECT_EQ(card.data, data.id());
}

}  // namespace
}  // namespace gensynth::data
