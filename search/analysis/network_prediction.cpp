#include "search/analysis/network_prediction.hpp"

#include "architecture/zoo/zoo.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::analysis {

std::optional<Quantity> published_top1(const std::string& network, int px) {
  if (!network.starts_with("zoo:")) return std::nullopt;
  for (const zoo::ZooFacts& facts : zoo::zoo_list()) {
    if (facts.name == network.substr(4) && facts.px == px && facts.top1) {
      return Quantity::measured(*facts.top1, "%", facts.top1_source);
    }
  }
  return std::nullopt;
}

NetworkPrediction predict_network(const std::string& network, int px) {
  const run::NetworkRef net = run::resolve_network(network);
  const Architecture architecture = px > 0 ? net.architecture.at_resolution(px) : net.architecture;
  const accuracy::AccuracyModel model;
  NetworkPrediction result;
  result.name = network;
  result.damaged = net.damaged;
  result.px = architecture.shape(0).height;
  result.estimate = model.predict(architecture);
  result.model = model.version();
  result.fitted_to = model.fitted_to();
  result.contributions = model.contributions(architecture);
  result.published = published_top1(network, result.px);
  if (const Quantity* proxy = net.trial ? net.trial->metrics.find("proxy_top1") : nullptr) result.proxy = *proxy;
  return result;
}

}  // namespace gensynth::analysis
