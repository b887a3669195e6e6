// A constraint that reads shape and cost of every vertex: no single layer may take more than a share of the network's
// multiply-accumulates. Such a layer is the bottleneck of whatever runs layers one after the other.
#include <algorithm>
#include <gensynth_plugin.hpp>

using gensynth::plugin::json;

class MaxLayerShare : public gensynth::plugin::Constraint {
 public:
  static gensynth::plugin::Info describe() {
    gensynth::plugin::Info info;
    info.name = "max_layer_share";
    info.summary = "no layer takes more than a share of the network's multiply-accumulates";
    info.description = "Measured: the largest share of one vertex in the MACs of all, in %.";
    info.hard = false;
    info.parameters = {{"bound", "number", 20, 0, 100, {}, "largest share, %"}};
    return info;
  }

  explicit MaxLayerShare(const json& parameters) : bound_(parameters.at("bound")) {}

  gensynth::plugin::Verdict check_vertices(const json&, const json&, const json& vertices) const override {
    double sum = 0;
    for (const json& vertex : vertices) sum += vertex.at("macs").get<double>();
    gensynth::plugin::Verdict verdict;
    verdict.bound = bound_;
    verdict.unit = "%";
    std::string largest = "no layer";
    for (const json& vertex : vertices) {
      const double share = sum > 0 ? 100 * vertex.at("macs").get<double>() / sum : 0;
      if (share > bound_) verdict.vertices.push_back(vertex.at("id"));
      if (share <= verdict.measured) continue;
      verdict.measured = share;
      largest = vertex.at("id").get<std::string>() + ", with output " + vertex.at("shape").dump() + ",";
    }
    verdict.violation = std::max(0.0, verdict.measured - bound_);
    verdict.message = largest + " takes the largest share of the multiply-accumulates";
    return verdict;
  }

 private:
  double bound_;
};

GENSYNTH_PLUGIN(MaxLayerShare)
