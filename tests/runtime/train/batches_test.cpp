#include "runtime/train/batches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "architecture/base/error.hpp"
#include "tests/runtime/train/drawn_data.hpp"

namespace gensynth::train {
namespace {

using Bytes = std::vector<std::uint8_t>;

int bounced(int i, int extent) { return i < 0 ? -i : i >= extent ? 2 * (extent - 1) - i : i; }

TEST(BatchesTest, ShiftReflectsAndMirrors) {
  Rng rng(1);
  for (const int px : {2, 5, 16}) {
    Bytes from(static_cast<std::size_t>(px * px * 3));
    for (auto& byte : from) byte = static_cast<std::uint8_t>(below(rng, 256));
    for (int dy = 1 - px; dy < px; ++dy) {
      for (int dx = 1 - px; dx < px; ++dx) {
        for (const bool flip : {false, true}) {
          Bytes to(from.size());
          shift_image(from.data(), to.data(), px, dy, dx, flip);
          for (int y = 0; y < px; ++y) {
            for (int x = 0; x < px; ++x) {
              const int sx = bounced((flip ? px - 1 - x : x) + dx, px);
              for (int c = 0; c < 3; ++c) {
                ASSERT_EQ(to[static_cast<std::size_t>((y * px + x) * 3 + c)],
                          from[static_cast<std::size_t>((bounced(y + dy, px) * px + sx) * 3 + c)])
                    << px << " " << dy << " " << dx << " " << flip;
              }
            }
          }
        }
      }
    }
  }
}

TEST(BatchesTest, ShuffledIsAFairPermutation) {
  Rng rng(2);
  std::map<int, int> first;
  for (int i = 0; i < 4000; ++i) {
    std::vector<int> order = shuffled(4, rng);
    ++first[order[0]];
    std::sort(order.begin(), order.end());
    ASSERT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
  }
  for (const auto& [value, count] : first) EXPECT_NEAR(count, 1000, 120) << value;
}

TEST(BatchesTest, NormalizedTrainingImagesHaveMeanZeroAndDeviationOne) {
  const data::Dataset data = drawn_data();
  const Normalizer normalizer(data);
  const std::size_t size = static_cast<std::size_t>(data.px() * data.px() * 3);
  std::vector<float> values(size);
  double sum[3] = {}, square[3] = {};
  for (const int image : data.split(data::Dataset::Split::train)) {
    normalizer.apply(data.pixels(image), values.data(), data.px());
    for (std::size_t i = 0; i < size; ++i) {
      sum[i % 3] += values[i];
      square[i % 3] += static_cast<double>(values[i]) * values[i];
    }
  }
  const double count = static_cast<double>(data.split(data::Dataset::Split::train).size() * size) / 3;
  for (int c = 0; c < 3; ++c) {
    EXPECT_NEAR(sum[c] / count, 0, 1e-3);
    EXPECT_NEAR(square[c] / count, 1, 1e-2);
  }
}

struct Batch {
  Bytes pixels;
  std::vector<std::int64_t> labels;
  bool operator==(const Batch&) const = default;
};

Batch batch_of(BatchStream& stream, const data::Dataset& data, int size, std::int64_t number) {
  Batch batch{Bytes(static_cast<std::size_t>(size * data.px() * data.px() * 3)),
              std::vector<std::int64_t>(static_cast<std::size_t>(size))};
  stream.fill(number, batch.pixels.data(), batch.labels.data());
  return batch;
}

TEST(BatchesTest, EveryEpochSeesEveryImageOnceInAnOrderOfItsOwn) {
  const data::Dataset data = drawn_data();
  const auto& split = data.split(data::Dataset::Split::train);
  TrainSpec spec;
  spec.flip = false;
  spec.shift = 0;
  spec.batch = 7;  // batches cross the ends of epochs
  const auto count = static_cast<std::int64_t>(split.size());
  const std::size_t size = static_cast<std::size_t>(data.px() * data.px() * 3);
  std::map<std::string, int> number_of;
  for (const int image : split) number_of[std::string(data.pixels(image), data.pixels(image) + size)] = image;
  ASSERT_EQ(number_of.size(), split.size());

  BatchStream stream(data, spec, 5);
  std::vector<int> seen;
  for (std::int64_t number = 0; number * spec.batch < 2 * count + spec.batch; ++number) {
    const Batch batch = batch_of(stream, data, spec.batch, number);
    for (std::size_t i = 0; i < static_cast<std::size_t>(spec.batch); ++i) {
      const auto begin = batch.pixels.begin() + static_cast<std::ptrdiff_t>(i * size);
      seen.push_back(number_of.at(std::string(begin, begin + static_cast<std::ptrdiff_t>(size))));
      EXPECT_EQ(batch.labels[i], data.label(seen.back()));
    }
  }
  const std::vector<int> first(seen.begin(), seen.begin() + count),
      second(seen.begin() + count, seen.begin() + 2 * count);
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(split));
  EXPECT_THAT(second, testing::UnorderedElementsAreArray(split));
  EXPECT_NE(first, second);
  EXPECT_NE(first, split);
}

TEST(BatchesTest, ABatchDependsOnItsNumberAndTheSeedAlone) {
  const data::Dataset data = drawn_data();
  TrainSpec spec;
  spec.batch = 16;
  BatchStream walked(data, spec, 9), jumped(data, spec, 9), other(data, spec, 10);
  Batch last;
  for (std::int64_t number = 0; number <= 40; ++number) last = batch_of(walked, data, spec.batch, number);
  EXPECT_EQ(batch_of(jumped, data, spec.batch, 40), last);
  EXPECT_NE(batch_of(other, data, spec.batch, 40), last);
  EXPECT_EQ(batch_of(walked, data, spec.batch, 0), batch_of(jumped, data, spec.batch, 0));
}

TEST(BatchesTest, AugmentationChangesTheImages) {
  const data::Dataset data = drawn_data();
  TrainSpec plain, moved;
  plain.batch = moved.batch = 32;
  plain.flip = false;
  plain.shift = 0;
  BatchStream a(data, plain, 9), b(data, moved, 9);
  const Batch still = batch_of(a, data, 32, 3), shaken = batch_of(b, data, 32, 3);
  EXPECT_EQ(still.labels, shaken.labels);
  EXPECT_NE(still.pixels, shaken.pixels);
}

TEST(BatchesTest, ATooLargeShiftIsRefused) {
  const data::Dataset data = drawn_data();
  TrainSpec spec;
  spec.shift = 32;
  EXPECT_THROW(BatchStream(data, spec, 1), Error);
}

}  // namespace
}  // namespace gensynth::train
