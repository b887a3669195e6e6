#include "runtime/quantisation/statistics.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/architecture/failure.hpp"

namespace gensynth::quantisation {
namespace {

Architecture net() {
  ArchitectureBuilder builder("net", {Layout::map, 2, 1, 2});
  return builder.build(builder.add(ToTokens{}, 0, {}, "tokens"));
}

TEST(Statistics, MeansAreByChannelInEveryLayout) {
  StatisticsCollector collector(net());
  const std::vector<float> map{1, 3, -2, -4};     // (C, H, W)
  const std::vector<float> tokens{1, -2, 3, -4};  // (tokens, C)
  for (int image = 0; image < 2; ++image) {
    collector.first_pass(0, map.data(), map.size());
    collector.first_pass(1, tokens.data(), tokens.size());
  }
  collector.second_pass(0, map.data(), map.size());
  const std::vector<VertexStatistics> found = collector.take();
  for (const VertexStatistics& vertex : found) {
    EXPECT_EQ(vertex.means, (std::vector<double>{2, -3}));
    EXPECT_EQ(vertex.range.low, -4);
    EXPECT_EQ(vertex.range.high, 3);
  }
}

TEST(Statistics, NamesAVertexWithValuesThatAreNotFinite) {
  StatisticsCollector collector(net());
  const std::vector<float> values{1, std::numeric_limits<float>::infinity(), 0, 0};
  EXPECT_THAT(failure([&] { collector.first_pass(1, values.data(), values.size()); }),
              ::testing::HasSubstr("vertex 'tokens' gives values that are not finite"));
}

}  // namespace
}  // namespace gensynth::quantisation
