#include "search/simulation/graph_statistics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include "architecture/cost.hpp"

namespace gensynth::simulation {
namespace {

constexpr int kSpectrumBins = 10;  // eigenvalues lie between 0 and 2
constexpr int kLevels = 6;         // resolutions: the input's, half of it, ...

using Statistics = std::vector<float>;

void add(Statistics& statistics, double value) { statistics.push_back(static_cast<float>(value)); }

double log_width(const Architecture& net, int v) { return std::log2(static_cast<double>(net.shape(v).channels)); }

void add_spectrum(const Architecture& net, Statistics& statistics) {
  const int n = net.size();
  Eigen::MatrixXd laplacian = Eigen::MatrixXd::Zero(n, n);
  for (int v = 0; v < n; ++v) {
    for (const int from : net.inputs(v)) laplacian(v, from) = laplacian(from, v) = -1;
  }
  const Eigen::VectorXd degrees = -laplacian.rowwise().sum();
  const Eigen::VectorXd scale = degrees.cwiseMax(1).cwiseSqrt().cwiseInverse();
  laplacian = scale.asDiagonal() * laplacian * scale.asDiagonal();
  laplacian.diagonal().setOnes();
  const Eigen::VectorXd spectrum =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(laplacian, Eigen::EigenvaluesOnly).eigenvalues();
  std::array<double, kSpectrumBins> bins{};
  // Eigenvalues at the edge of two bins, such as the frequent 1, are shared by distance, so that rounding has no
  // effect.
  for (const double value : spectrum) {
    const double at = std::clamp(value / 2 * (kSpectrumBins - 1), 0.0, kSpectrumBins - 1.0);
    const int low = std::min(static_cast<int>(at), kSpectrumBins - 2);
    bins[static_cast<std::size_t>(low)] += (low + 1 - at) / n;
    bins[static_cast<std::size_t>(low) + 1] += (at - low) / n;
  }
  for (const double share : bins) add(statistics, share);
  add(statistics, std::log10(1e-6 + std::max(0.0, n > 1 ? spectrum[1] : 0.0)));
}

/// The probability that a random walk from the input visits each vertex.
std::vector<double> visits(const Architecture& net) {
  std::vector<double> result(static_cast<std::size_t>(net.size()));
  result[0] = 1;
  for (int v = 0; v < net.size(); ++v) {
    for (const int to : net.users(v)) {
      result[static_cast<std::size_t>(to)] += result[static_cast<std::size_t>(v)] / net.out_degree(v);
    }
  }
  return result;
}

struct Window {
  double reach = 0;  ///< receptive field less one, in places of the operator's input
  double stride = 1;
};

Window window_of(const Operator& op) {
  return std::visit(
      [](const auto& o) -> Window {
        using T = std::decay_t<decltype(o)>;
        if constexpr (std::is_same_v<T, Convolution>) {
          return {static_cast<double>((o.kernel.h - 1) * o.dilation.h), static_cast<double>(o.stride.h)};
        } else if constexpr (std::is_same_v<T, Pool>) {
          return {static_cast<double>(o.kernel.h - 1), static_cast<double>(o.stride.h)};
        } else {
          return {};
        }
      },
      op);
}

void add_walk(const Architecture& net, const std::vector<double>& visited, Statistics& statistics) {
  std::array<double, std::variant_size_v<Operator>> kinds{};
  std::array<double, kLevels> width{}, weight{};
  double reach = 0, growth = 0, weights = 0, groups = 0, convolutions = 0;
  const double px = std::max(1, net.shape(0).height);
  for (int v = 1; v < net.size(); ++v) {
    const double p = visited[static_cast<std::size_t>(v)];
    int height = 1;  // of the largest input, since ports of a sum or a gate commute
    double before = 0;
    for (const int from : net.inputs(v)) {
      height = std::max(height, net.shape(from).height);
      before = std::max(before, log_width(net, from));
    }
    const double factor = px / height;  // places of the image for one of this map
    kinds[net.op(v).index()] += p;
    const auto level = static_cast<std::size_t>(std::clamp(std::lround(std::log2(factor)), 0L, kLevels - 1L));
    width[level] += p * log_width(net, v);
    weight[level] += p;
    reach += p * window_of(net.op(v)).reach * factor / px;
    growth += p * std::abs(log_width(net, v) - before);
    weights += p * std::log2(1 + static_cast<double>(vertex_cost(net, v).params));
    if (const auto* convolution = std::get_if<Convolution>(&net.op(v))) {
      convolutions += p;
      groups += p * std::log2(static_cast<double>(convolution->groups));
    }
  }
  for (const double share : kinds) add(statistics, share);
  for (std::size_t level = 0; level < kLevels; ++level) {
    add(statistics, weight[level] > 0 ? width[level] / weight[level] : 0);
    add(statistics, weight[level]);
  }
  add(statistics, std::log2(1 + reach));
  add(statistics, growth);
  add(statistics, weights);
  add(statistics, convolutions > 0 ? groups / convolutions : 0);
}

void add_layers(const Architecture& net, Statistics& statistics) {
  std::vector<int> longest(static_cast<std::size_t>(net.size())), shortest(longest), width;
  for (int v = 0; v < net.size(); ++v) {
    int far = 0, near = v == 0 ? 0 : net.size();
    for (const int from : net.inputs(v)) {
      far = std::max(far, longest[static_cast<std::size_t>(from)] + 1);
      near = std::min(near, shortest[static_cast<std::size_t>(from)] + 1);
    }
    longest[static_cast<std::size_t>(v)] = far;
    shortest[static_cast<std::size_t>(v)] = near;
    width.resize(std::max(width.size(), static_cast<std::size_t>(far) + 1));
    ++width[static_cast<std::size_t>(far)];
  }
  double entropy = 0;
  for (const int count : width) {
    const double share = static_cast<double>(count) / net.size();
    if (share > 0) entropy -= share * std::log2(share);
  }
  add(statistics, static_cast<double>(width.size()));
  add(statistics, *std::max_element(width.begin(), width.end()));
  add(statistics, entropy);
  add(statistics, shortest[static_cast<std::size_t>(net.output())]);
}

void add_degrees(const Architecture& net, const std::vector<double>& visited, Statistics& statistics) {
  double out = 0, out_squares = 0, in_squares = 0, passed = 0, narrowest = 64, mean = 0;
  for (int v = 0; v < net.size(); ++v) {
    out += net.out_degree(v);
    out_squares += net.out_degree(v) * net.out_degree(v);
    in_squares += net.in_degree(v) * net.in_degree(v);
    if (visited[static_cast<std::size_t>(v)] < 1 - 1e-9) continue;
    passed += 1;
    mean += log_width(net, v);
    if (v > 0) narrowest = std::min(narrowest, log_width(net, v));
  }
  const double n = net.size();
  add(statistics, out / n);
  add(statistics, out_squares / n);
  add(statistics, in_squares / n);
  add(statistics, passed / n);
  add(statistics, narrowest);
  add(statistics, mean / passed);
}

}  // namespace

std::vector<float> graph_statistics(const Architecture& net) {
  Statistics statistics;
  const std::vector<double> visited = visits(net);
  add_spectrum(net, statistics);
  add_walk(net, visited, statistics);
  add_layers(net, statistics);
  add_degrees(net, visited, statistics);
  return statistics;
}

}  // namespace gensynth::simulation
