#include "search/analysis/network_comparison.hpp"

#include <algorithm>

#include "architecture/rewrite/fold.hpp"
#include "runtime/accuracy/accuracy_model.hpp"
#include "search/analysis/network_prediction.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::analysis {
namespace {

/// Published top-1 of a reference network, otherwise the prediction of the model.
Quantity top1_of(const std::string& text, const Architecture& architecture, const accuracy::AccuracyModel& accuracy) {
  const std::optional<Quantity> published = published_top1(text, architecture.shape(0).height);
  return published ? *published : accuracy.top1(architecture);
}

std::vector<latency::LatencyModel> models_of(const ComparisonRequest& request) {
  std::vector<latency::LatencyModel> models;
  for (const std::string& runtime : request.runtimes) {
    for (const int threads : request.threads) {
      latency::LatencyTarget target = request.target;
      target.runtime = runtime;
      target.threads = threads;
      models.emplace_back(target);
    }
  }
  return models;
}

ComparedNetwork predict(const std::string& text, const std::vector<latency::LatencyModel>& models,
                        const ComparisonRequest& request) {
  run::NetworkRef net = run::resolve_network(text);
  if (request.folded) net.architecture = fold(net.architecture);
  ComparedNetwork result;
  result.name = text;
  result.damaged = net.damaged;
  result.px = net.architecture.shape(0).height;
  result.total = cost(net.architecture);
  set_cost(result.total, net.architecture.size(), result.metrics);
  for (const latency::LatencyModel& model : models) {
    result.latencies.push_back(model.total(net.architecture, request.form));
  }
  result.metrics.set("latency_ms", result.latencies.front());
  result.metrics.set("top1", top1_of(text, net.architecture, accuracy::AccuracyModel()));
  if (const Quantity* proxy = net.trial ? net.trial->metrics.find("proxy_top1") : nullptr) {
    result.metrics.set("proxy_top1", *proxy);
  }
  return result;
}

}  // namespace

NetworkComparison compare_networks(ComparisonRequest request) {
  if (request.runtimes == std::vector<std::string>{"all"}) {
    request.runtimes = latency::LatencyModel::runtimes(request.target.device, request.target.precision);
  }
  if (request.reference.empty()) request.reference = request.networks.front();
  const std::vector<latency::LatencyModel> models = models_of(request);
  NetworkComparison result;
  for (const latency::LatencyModel& model : models) result.targets.push_back(model.target());
  for (const std::string& text : request.networks) result.networks.push_back(predict(text, models, request));
  const auto given = std::find(request.networks.begin(), request.networks.end(), request.reference);
  const ComparedNetwork base = given != request.networks.end()
                                   ? result.networks[static_cast<std::size_t>(given - request.networks.begin())]
                                   : predict(request.reference, models, request);
  for (ComparedNetwork& network : result.networks) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      const double ms = network.latencies[i].value;
      network.throughputs.push_back(ms > 0 ? base.latencies[i].value / ms : 0);
    }
  }
  result.request = std::move(request);
  return result;
}

}  // namespace gensynth::analysis
