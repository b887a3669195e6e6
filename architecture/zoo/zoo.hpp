#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::zoo {

/// Published figures of a reference network, with their source; optional where nothing was published.
struct ZooFacts {
  std::string name;    ///< "mobilenet-v3-large-1.0"
  std::string family;  ///< "mobilenet-v3"
  int px = 224;
  std::optional<double> top1;  ///< ImageNet top-1 in %
  std::string top1_source;
  std::optional<double> params_m;
  std::optional<double> macs_m;
  std::string source;  ///< where the layer table comes from
};

/// The reference networks that ship in the program, in a fixed order.
const std::vector<ZooFacts>& zoo_list();
/// Builds a network of the list, or one named by its parameters:
///   ncnn-NAME                   the form that ncnn's benchmark runs (resnet50, mobilenet_v3, ...; ncnn_networks.json)
///   nb201:CELL                  a NAS-Bench-201 network (nas_bench_201.hpp)
///   ofa-mbv3:ks=,e=,d=,px=      a Once-for-All sub-network (once_for_all.hpp)
/// Throws Error with the nearest name, or with the malformed part of the name.
Architecture zoo_network(const std::string& name);
/// The family of any network that zoo_network() builds: "mobilenet-v3", "nas-bench-201", "ofa-mobilenet-v3". Throws
/// Error with the nearest name.
std::string zoo_family(const std::string& name);
/// The published figures of a network of the list. Throws Error with the nearest name.
const ZooFacts& zoo_facts(const std::string& name);

}  // namespace gensynth::zoo
