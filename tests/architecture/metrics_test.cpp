#include "architecture/metrics.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace gensynth {
namespace {

Quantity unlike() {
  Quantity quantity = Quantity::predicted(70, "%", "model 2", 40, 90);
  quantity.in_distribution = false;
  quantity.distance = 3.5;
  return quantity;
}

TEST(Metrics, KeepWhetherAPredictionIsTrusted) {
  Metrics metrics;
  metrics.set("unlike", unlike());
  Quantity allowed = unlike();
  allowed.extrapolate = true;
  metrics.set("allowed", allowed);
  metrics.set("latency_ms", Quantity::predicted(20, "ms", "model", 15, 27));
  const nlohmann::json json = nlohmann::json::parse(to_json(metrics).dump());
  EXPECT_EQ(json["unlike"]["in_distribution"], false);
  EXPECT_EQ(json["unlike"]["distance"], 3.5);
  EXPECT_FALSE(json["unlike"].contains("extrapolate"));
  EXPECT_FALSE(json["latency_ms"].contains("in_distribution"));
  const Metrics read = metrics_from_json(json, "test");
  EXPECT_FALSE(read.at("unlike").in_distribution);
  EXPECT_EQ(read.at("unlike").distance, 3.5);
  EXPECT_EQ(read.at("unlike").taken(), 40);
  EXPECT_EQ(read.at("allowed").taken(), 70);
  EXPECT_EQ(read.at("latency_ms").taken(), 20);
  EXPECT_EQ(nlohmann::json::parse(to_json(read).dump()), json);
}

}  // namespace
}  // namespace gensynth
