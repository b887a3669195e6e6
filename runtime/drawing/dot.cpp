#include <map>
#include <sstream>

#include "runtime/drawing/describe.hpp"
#include "runtime/drawing/drawing.hpp"

namespace gensynth::drawing {
namespace {

std::string quoted(const std::string& text) { return "\"" + escape_dot(text) + "\""; }

/// operator and attributes, then the output's shape, on lines of their own.
std::string label(const Architecture& net, int v) { return short_label(net, v) + "\n" + to_string(net.shape(v)); }

std::string node(const Architecture& net, int v, const std::string& indent) {
  std::ostringstream out;
  out << indent << 'v' << v << " [label=" << quoted(label(net, v)) << ", tooltip=" << quoted(long_label(net, v))
      << ", fillcolor=\"" << fill_colour(ink(net, v, true)) << "\", color=\"" << stroke_colour(ink(net, v, true))
      << "\"];\n";
  return out.str();
}

}  // namespace

std::string to_dot(const Architecture& net) {
  std::map<std::pair<int, int>, std::string> clusters;  // by stage and column
  std::ostringstream out;
  out << "digraph " << quoted(net.name()) << " {\n"
      << "  graph [label=" << quoted(net.name()) << ", labelloc=t, fontname=\"Helvetica\", nodesep=0.2];\n"
      << "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10];\n"
      << "  edge [color=\"#7a8796\", arrowsize=0.6, fontsize=8];\n";
  for (int v = 0; v < net.size(); ++v) {
    const Placement& place = net[v].placement;
    if (place.stage < 0) {
      out << node(net, v, "  ");
    } else {
      clusters[{place.stage, place.column}] += node(net, v, "      ");
    }
  }
  int open = -1;
  for (const auto& [key, nodes] : clusters) {
    const auto& [stage, column] = key;
    if (stage != open) {
      if (open >= 0) out << "  }\n";
      out << "  subgraph cluster_stage" << stage << " {\n    label=\"stage " << stage + 1
          << "\"; style=\"rounded,filled\"; fillcolor=\"#f5f7fa\"; color=\"#c5cdd8\";\n";
      open = stage;
    }
    if (column < 0) {
      out << nodes;
    } else {
      out << "    subgraph cluster_stage" << stage << "_column" << column << " {\n      label=\"column " << column + 1
          << "\"; style=\"rounded,filled\"; fillcolor=\"#ffffff\"; color=\"#c5cdd8\";\n"
          << nodes << "    }\n";
    }
  }
  if (open >= 0) out << "  }\n";
  for (int v = 0; v < net.size(); ++v) {
    int port = 0;
    for (const int from : net.inputs(v)) {
      out << "  v" << from << " -> v" << v;
      if (net.in_degree(v) > 1) out << " [headlabel=\"" << port << "\"]";
      out << ";\n";
      ++port;
    }
  }
  out << "}\n";
  return out.str();
}

}  // namespace gensynth::drawing
