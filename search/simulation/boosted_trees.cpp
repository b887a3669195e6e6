#include "search/simulation/boosted_trees.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <limits>
#include <string>
#include <utility>

#include "architecture/base/error.hpp"

namespace gensynth::simulation {
namespace {

void check(int status) {
  if (status != 0) throw Error(std::string("XGBoost: ") + XGBGetLastError());
}

}  // namespace

BoostedTrees::BoostedTrees(const std::vector<std::vector<float>>& rows, const std::vector<float>& targets,
                           const BoostedTreesOptions& options, const std::vector<float>& weights) {
  if (rows.empty() || rows.size() != targets.size()) {
    throw Error(
        fmt::format("boosted trees: {} rows and {} targets, expected as many of each", rows.size(), targets.size()));
  }
  if (!weights.empty() && weights.size() != rows.size()) {
    throw Error(fmt::format("boosted trees: {} weights, expected {}", weights.size(), rows.size()));
  }
  std::vector<float> flat;
  for (const std::vector<float>& row : rows) {
    if (row.size() != rows.front().size()) throw Error("boosted trees: rows differ in length");
    flat.insert(flat.end(), row.begin(), row.end());
  }
  const float missing = std::numeric_limits<float>::quiet_NaN();
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat(flat.data(), rows.size(), rows.front().size(), missing, &handle));
  const std::unique_ptr<void, int (*)(void*)> matrix(handle, XGDMatrixFree);
  check(XGDMatrixSetFloatInfo(handle, "label", targets.data(), targets.size()));
  if (!weights.empty()) check(XGDMatrixSetFloatInfo(handle, "weight", weights.data(), weights.size()));
  const DMatrixHandle seen[] = {handle};
  BoosterHandle booster = nullptr;
  check(XGBoosterCreate(seen, 1, &booster));
  booster_ = std::shared_ptr<void>(booster, XGBoosterFree);
  const std::pair<const char*, std::string> parameters[] = {
      {"objective", "reg:squarederror"},
      {"booster", "gbtree"},
      {"tree_method", "exact"},
      {"nthread", "1"},
      {"verbosity", "0"},
      {"seed", std::to_string(options.seed)},
      {"max_depth", std::to_string(options.depth)},
      {"eta", fmt::format("{}", options.step)},
      {"subsample", fmt::format("{}", options.row_share)},
      {"colsample_bytree", fmt::format("{}", options.column_share)},
      {"min_child_weight", fmt::format("{}", options.leaf_rows)}};
  for (const auto& [name, value] : parameters) check(XGBoosterSetParam(booster, name, value.c_str()));
  for (int round = 0; round < options.rounds; ++round) check(XGBoosterUpdateOneIter(booster, round, handle));
}

double BoostedTrees::predict(const std::vector<float>& row) const {
  const std::string values = fmt::format(R"({{"data": [{}, true], "shape": [1, {}], "typestr": "<f4", "version": 3}})",
                                         reinterpret_cast<std::uintptr_t>(row.data()), row.size());
  const char* config =
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false,)"
      R"( "missing": NaN, "cache_id": 0})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* result = nullptr;
  check(XGBoosterPredictFromDense(booster_.get(), values.c_str(), config, nullptr, &shape, &dimensions, &result));
  return static_cast<double>(result[0]);
}

}  // namespace gensynth::simulation
