#include "architecture/metric_infos.hpp"

#include "architecture/base/error.hpp"

namespace gensynth {

const std::vector<MetricInfo>& metric_infos() {
  using enum Stage;
  static const std::vector<MetricInfo> infos = {
      {"params", "", graph, true, "trainable parameters"},
      {"macs", "", graph, true, "multiply-accumulates of one inference"},
      {"weight_bytes", "bytes", graph, true, "weights in FP32"},
      {"activation_bytes", "bytes", graph, true, "all activations, each written once, in FP32"},
      {"peak_memory_bytes", "bytes", graph, true, "most activations alive at a time, in FP32"},
      {"depth", "", graph, true, "convolutions, linear and attention layers on the longest path"},
      {"vertices", "", graph, true, "operators"},
      {"effective_columns", "", graph, true, "mean effective columns of the stages, weighted by their MACs"},
      {"column_independence", "", graph, true, "share of the stages' MACs in columns"},
      {"column_heterogeneity", "", graph, true, "how different the columns of a stage are, 0 to 1"},
      {"independence_trend", "", graph, true,
       "change of independence from the first stage with columns to the last stage"},
      {"latency_ms", "ms", latency, true, "predicted latency on the job's device"},
      {"top1", "%", latency, true, "predicted ImageNet top-1, or the published one"},
      {"probe_dead_share", "", probe, false, "mean share of channels whose output does not vary"},
      {"probe_saliency", "", probe, false, "sum over the vertices of the mean absolute output x gradient"},
      {"probe_gradient_norm", "", probe, false, "norm of the gradient of the weights"},
      {"proxy_top1", "%", proxy, true, "hold-out top-1 after proxy training"},
      {"proxy_top5", "%", proxy, true, "hold-out top-5 after proxy training"},
      {"proxy_balanced_accuracy", "%", proxy, true, "hold-out accuracy after proxy training, mean over the classes"},
      {"proxy_loss", "nats", proxy, true, "hold-out cross entropy after proxy training"},
      {"proxy_images", "", proxy, false, "images that proxy training has seen"},
  };
  return infos;
}

const MetricInfo& metric_info(std::string_view name) {
  for (const MetricInfo& info : metric_infos()) {
    if (name == info.name) return info;
  }
  std::vector<std::string> names;
  for (const MetricInfo& info : metric_infos()) names.emplace_back(info.name);
  const std::string unknown(name);
  throw Error("no metric '" + unknown + "'" + suggestion(unknown, names));
}

std::string metric_table_markdown() {
  std::string text;
  for (const MetricInfo& info : metric_infos()) {
    text += std::string("| `") + info.name + "` | " + info.unit + " | " + to_string(info.known) + " | " +
            (info.constrainable ? "yes" : "no") + " | " + info.meaning + " |\n";
  }
  return text;
}

}  // namespace gensynth
