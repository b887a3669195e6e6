#include "tests/structure/includes.hpp"

#include <functional>
#include <regex>
#include <set>

namespace gensynth::structure {
namespace {

/// The top-level folders that each may include besides itself.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"architecture", {}},
      {"constraints", {"architecture"}},
      {"runtime", {"architecture"}},
      {"generator", {"architecture"}},
      {"inquisitor", {"architecture", "constraints", "runtime", "generator"}},
      {"search", {"architecture", "constraints", "runtime", "generator", "inquisitor"}},
  };
  return table;
}

}  // namespace

std::vector<std::string> upward_includes(const std::vector<SourceFile>& files) {
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    const auto rule = allowed().find(top_folder_of(file.path));
    if (rule == allowed().end()) continue;  // tests and examples may use all
    for (const std::string& included : file.own) {
      const std::string to = top_folder_of(included);
      const bool known = allowed().contains(to) || to == "tests" || to == "experiments" || to == "examples";
      if (known && to != rule->first && !rule->second.contains(to)) {
        complaints.push_back(file.path + " includes " + included + ": " + rule->first + " may not use " + to);
      }
    }
  }
  return complaints;
}

std::vector<std::string> misplaced_torch_includes(const std::vector<SourceFile>& files) {
  static const std::regex torch(R"(^(torch|ATen|c10|caffe2)/)");
  // Tests and benchmarks may make tensors to compare with, and one experiment counts LibTorch's own kernels: no other
  // target links with either.
  static const std::regex place(R"(^(runtime/(torch|train|probe)|tests|experiments/latency/libtorch-paths)/)");
  std::vector<std::string> complaints;
  for (const SourceFile& file : files) {
    for (const auto* list : {&file.own, &file.foreign}) {
      for (const std::string& included : *list) {
        if (!std::regex_search(included, torch)) continue;
        if (!file.path.ends_with(".cpp")) {
          complaints.push_back(file.path + " includes " + included + ": LibTorch belongs in .cpp files only");
        } else if (!std::regex_search(file.path, place)) {
          complaints.push_back(file.path + " includes " + included +
                               ": LibTorch belongs in runtime/{torch,train,probe}");
        }
      }
    }
  }
  return complaints;
}

Edges folder_edges(const std::vector<SourceFile>& files) {
  Edges edges;
  for (const SourceFile& file : files) {
    if (!allowed().contains(top_folder_of(file.path))) continue;
    const std::string from = folder_of(file.path);
    for (const std::string& included : file.own) {
      const std::string to = folder_of(included);
      if (allowed().contains(top_folder_of(included)) && !to.empty() && to != from) {
        edges[from].emplace(to, file.path + " includes " + included);
      }
    }
  }
  return edges;
}

std::string find_cycle(const Edges& edges) {
  std::set<std::string> done;
  std::vector<std::string> path;
  std::string cycle;
  const std::function<bool(const std::string&)> visit = [&](const std::string& node) {
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (path[i] != node) continue;
      path.push_back(node);
      for (; i + 1 < path.size(); ++i) {
        cycle += path[i] + " -> " + path[i + 1] + ": " + edges.at(path[i]).at(path[i + 1]) + "\n";
      }
      return true;
    }
    if (done.contains(node)) return false;
    path.push_back(node);
    if (const auto found = edges.find(node); found != edges.end()) {
      for (const auto& [next, include] : found->second) {
        if (visit(next)) return true;
      }
    }
    path.pop_back();
    done.insert(node);
    return false;
  };
  for (const auto& [node, next] : edges) {
    if (visit(node)) break;
  }
  return cycle;
}

bool reaches(const Edges& edges, const std::string& from, const std::string& to) {
  std::set<std::string> seen = {from};
  std::vector<std::string> open = {from};
  while (!open.empty()) {
    const std::string node = open.back();
    open.pop_back();
    if (node == to) return true;
    const auto found = edges.find(node);
    if (found == edges.end()) continue;
    for (const auto& [next, include] : found->second) {
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

}  // namespace gensynth::structure
