// Whether the structure of a NAS-Bench-201 cell tells more of its reading than the latency model does. Reads lines
// "cell measured_ms predicted_ms" (predictions held out), resamples them, fits boosted trees to one-hot edges and to
// counts of operations, of operations in sequence, side by side and summed, in 20 folds, and prints how well the
// held-out rows are ranked: by trees alone, and by the model corrected by trees that see its predictions. See ceiling.

#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "architecture/base/statistics.hpp"
#include "search/simulation/boosted_trees.hpp"

namespace {

constexpr int kNodes = 4;
constexpr int kOperations = 5;
using Edges = std::array<std::array<int, kNodes>, kNodes>;  // operation, by source and target

/// "|nor_conv_3x3~0|+|none~0|skip_connect~1|+..."; 0 is none.
Edges edges_of(const std::string& cell) {
  static const std::map<std::string, int> operations{
      {"none", 0}, {"skip_connect", 1}, {"nor_conv_1x1", 2}, {"nor_conv_3x3", 3}, {"avg_pool_3x3", 4}};
  Edges edges{};
  int target = 1;
  std::string word;
  for (const char c : cell) {
    if (c == '+') ++target;
    if (c != '|' && c != '+') {
      word += c;
      continue;
    }
    if (const auto at = word.find('~'); at != std::string::npos) {
      const auto operation = operations.find(word.substr(0, at));
      const int source = word.size() == at + 2 ? word[at + 1] - '0' : -1;
      if (operation == operations.end() || target >= kNodes || source < 0 || source >= target) {
        throw gensynth::Error("not a cell of NAS-Bench-201: " + cell);
      }
      edges[static_cast<std::size_t>(source)][static_cast<std::size_t>(target)] = operation->second;
    }
    word.clear();
  }
  return edges;
}

std::vector<float> features_of(const Edges& edges) {
  std::vector<float> features;
  std::array<float, kOperations> counts{};
  std::array<std::array<float, kOperations>, kOperations> sequence{}, siblings{}, sums{};
  const auto pair = [](auto& table, int a, int b) {
    ++table[static_cast<std::size_t>(std::min(a, b))][static_cast<std::size_t>(std::max(a, b))];
  };
  for (std::size_t from = 0; from < kNodes; ++from) {
    for (std::size_t to = from + 1; to < kNodes; ++to) {
      const int operation = edges[from][to];
      ++counts[static_cast<std::size_t>(operation)];
      for (int o = 0; o < kOperations; ++o) features.push_back(operation == o ? 1.F : 0.F);
      for (std::size_t next = to + 1; next < kNodes; ++next) {
        ++sequence[static_cast<std::size_t>(operation)][static_cast<std::size_t>(edges[to][next])];
      }
      for (std::size_t other = to + 1; other < kNodes; ++other) pair(siblings, operation, edges[from][other]);
      for (std::size_t other = from + 1; other < to; ++other) pair(sums, operation, edges[other][to]);
    }
  }
  features.insert(features.end(), counts.begin(), counts.end());
  for (const auto& table : {sequence, siblings, sums}) {
    for (const auto& row : table) features.insert(features.end(), row.begin(), row.end());
  }
  return features;
}

struct Cells {
  std::vector<std::vector<float>> features;
  std::vector<double> measured, predicted;
};

/// `base` times what trees make of the rows of other folds.
std::vector<double> corrected(const Cells& cells, const std::vector<std::vector<float>>& features,
                              const std::vector<double>& base,
                              const gensynth::simulation::BoostedTreesOptions& options) {
  constexpr std::size_t kFolds = 20;
  std::vector<double> result(base.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<std::vector<float>> rows;
    std::vector<float> targets;
    for (std::size_t i = 0; i < base.size(); ++i) {
      if (i % kFolds == fold) continue;
      rows.push_back(features[i]);
      targets.push_back(static_cast<float>(std::log(cells.measured[i] / base[i])));
    }
    const gensynth::simulation::BoostedTrees trees(rows, targets, options);
    for (std::size_t i = fold; i < base.size(); i += kFolds) result[i] = base[i] * std::exp(trees.predict(features[i]));
  }
  return result;
}

void report(const std::string& name, const Cells& cells, const std::vector<double>& predicted) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < predicted.size(); ++i) errors.push_back(std::abs(predicted[i] / cells.measured[i] - 1));
  std::printf("%-44s Spearman %.4f, median error %.2f %%\n", name.c_str(),
              gensynth::spearman_correlation(cells.measured, predicted), 100 * gensynth::median(errors));
}

/// How far the sample's choice of cells can move the model's rank correlation: percentile bootstrap (Efron 1979).
void resample(const Cells& cells) {
  constexpr int kResamples = 2000;
  const std::size_t n = cells.measured.size();
  gensynth::Rng rng(1);
  std::vector<double> measured(n), predicted(n), correlations;
  for (int round = 0; round < kResamples; ++round) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t drawn = rng() % n;
      measured[i] = cells.measured[drawn];
      predicted[i] = cells.predicted[drawn];
    }
    correlations.push_back(gensynth::spearman_correlation(measured, predicted));
  }
  std::printf("95 %% of %d resamples of the cells rank it at %.4f to %.4f\n", kResamples,
              gensynth::quantile(correlations, 0.025), gensynth::quantile(correlations, 0.975));
}

void run() {
  Cells cells;
  std::vector<std::vector<float>> with_prediction;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string cell;
    double measured = 0, predicted = 0;
    if (!(in >> cell >> measured >> predicted)) throw gensynth::Error("expected 'cell measured predicted': " + line);
    cells.features.push_back(features_of(edges_of(cell)));
    cells.measured.push_back(measured);
    cells.predicted.push_back(predicted);
    with_prediction.push_back(cells.features.back());
    with_prediction.back().push_back(static_cast<float>(std::log(predicted)));
  }
  if (cells.measured.empty())
    throw gensynth::Error("standard input is empty, expected lines 'cell measured predicted'");
  const std::vector<double> one(cells.measured.size(), 1.0);
  report("model", cells, cells.predicted);
  resample(cells);
  for (const int depth : {2, 3, 4, 6}) {
    for (const int rounds : {100, 400}) {
      gensynth::simulation::BoostedTreesOptions options;
      options.depth = depth;
      options.rounds = rounds;
      const std::string name = std::to_string(rounds) + " trees of depth " + std::to_string(depth);
      report(name, cells, corrected(cells, cells.features, one, options));
      report("model, corrected by " + name, cells, corrected(cells, with_prediction, cells.predicted, options));
    }
  }
}

}  // namespace

int main() {
  try {
    run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gensynth_ceiling_trees: %s\n", error.what());
    return 2;
  }
  return 0;
}
