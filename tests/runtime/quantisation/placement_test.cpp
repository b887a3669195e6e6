#include "runtime/quantisation/placement.hpp"

#include <gmock/gmock.h>

#include "tests/architecture/failure.hpp"

namespace gensynth::quantisation {
namespace {

using ::testing::HasSubstr;

/// conv -> relu -> pool -> norm -> linear
Architecture net() {
  ArchitectureBuilder b("net", {Layout::map, 3, 8, 8});
  int at = b.add(Convolution{.out_channels = 4, .bias = true}, 0, {}, "conv");
  at = b.add(Activation{ActivationKind::relu}, at, {}, "relu");
  at = b.add(Pool{PoolKind::max}, at, {}, "pool");
  at = b.add(LayerNorm{}, at, {}, "norm");
  at = b.add(GlobalPool{}, at, {}, "mean");
  return b.build(b.add(Linear{.out_features = 2}, at, {}, "linear"));
}

Place place(const std::vector<Place>& places, const std::string& id) {
  const Architecture architecture = net();
  for (int v = 0; v < architecture.size(); ++v) {
    if (architecture[v].id == id) return places[static_cast<std::size_t>(v)];
  }
  return {};
}

TEST(Placement, FusesAReluAndKeepsNormsInFloats) {
  const std::vector<Place> places = placement(net());
  EXPECT_TRUE(places[0].stored);
  EXPECT_TRUE(place(places, "conv").integer);
  EXPECT_TRUE(place(places, "conv").fused);
  EXPECT_FALSE(place(places, "conv").stored);
  EXPECT_TRUE(place(places, "relu").stored);
  EXPECT_FALSE(place(places, "norm").integer);
  EXPECT_THAT(place(places, "norm").reason, HasSubstr("more than 8 bits"));
  EXPECT_TRUE(place(places, "norm").stored);  // integers read it
  EXPECT_TRUE(place(places, "linear").integer);
}

TEST(Placement, PoolsHaveTheEncodingOfTheirInput) {
  const Architecture architecture = net();
  EXPECT_TRUE(keeps_encoding(architecture, 3));
  EXPECT_FALSE(keeps_encoding(architecture, 5));  // a mean of all places has its own range
}

TEST(Placement, KeepsWhatTheUserNamesTogetherWithItsRelu) {
  const std::vector<Place> places = placement(net(), {"conv"});
  EXPECT_FALSE(places[0].stored);  // nothing in integers reads the images
  EXPECT_EQ(place(places, "conv").reason, "the user keeps it");
  EXPECT_FALSE(place(places, "relu").integer);
  EXPECT_THAT(place(places, "relu").reason, HasSubstr("together with 'conv'"));
  EXPECT_TRUE(place(places, "relu").stored);
}

TEST(Placement, RefusesNamesThatItCannotKeep) {
  EXPECT_THAT(failure([] { placement(net(), {"convv"}); }), HasSubstr("conv"));
  EXPECT_THAT(failure([] { placement(net(), {"pool"}); }), HasSubstr("only moves values"));
  EXPECT_THAT(failure([] { placement(net(), {"relu"}); }), HasSubstr("computed together with 'conv'"));
}

}  // namespace
}  // namespace gensynth::quantisation
