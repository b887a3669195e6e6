// Genotypes of earlier runs keep their meaning: those in tests/golden/columnar_genotypes.json were drawn, and their
// networks counted and hashed, before the space had eight kinds of blocks, ratios above 4 and average-pool condensers.
// Those under "limited" had a condenser that left a single place, or an embedding wider than its map.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "generator/columnar/columnar_space.hpp"

namespace gensynth::columnar {
namespace {

nlohmann::json stored() {
  std::ifstream file(std::string(GENSYNTH_SOURCE_DIR) + "/tests/golden/columnar_genotypes.json");
  return nlohmann::json::parse(file);
}

void expect_same(const ColumnarSpace& space, const nlohmann::json& network) {
  const auto genotype = network.at("genotype").get<space::Genotype>();
  ASSERT_TRUE(space.contains(genotype));
  const Architecture built = space.build(genotype);
  EXPECT_EQ(cost(built).params, network.at("params").get<std::int64_t>());
  EXPECT_EQ(cost(built).macs, network.at("macs").get<std::int64_t>());
  EXPECT_EQ(to_string(canonical_hash(built)), network.at("hash").get<std::string>());
}

TEST(StoredGenotypes, BuildTheNetworksOfTheirRun) {
  for (const nlohmann::json& run : stored()) {
    const ColumnarSpace space(options_from_json(run.at("space"), "stored job", "/space"));
    for (const nlohmann::json& network : run.at("networks")) expect_same(space, network);
  }
}

TEST(StoredGenotypes, BuildTheSameInASpaceWithLaterChoices) {
  for (const nlohmann::json& run : stored()) {
    const nlohmann::json& space = run.at("space");
    const ColumnarSpace today(
        options_from_json({{"px", space.at("px")}, {"classes", space.at("classes")}}, "job of today", "/space"));
    for (const nlohmann::json& network : run.at("networks")) expect_same(today, network);
  }
}

TEST(StoredGenotypes, StillBuildWhereCondensersAreLimitedNow) {
  int limited = 0;
  for (const nlohmann::json& run : stored()) {
    const ColumnarSpace space(options_from_json(run.at("space"), "stored job", "/space"));
    for (const nlohmann::json& network : run.at("limited")) {
      const Architecture built = space.build(network.at("genotype").get<space::Genotype>());
      EXPECT_NE(to_string(canonical_hash(built)), network.at("hash").get<std::string>());
      ++limited;
    }
  }
  EXPECT_EQ(limited, 3);
}

}  // namespace
}  // namespace gensynth::columnar
