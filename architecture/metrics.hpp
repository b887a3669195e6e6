#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gensynth {

/// The origin of a number. A predicted number is never shown as a measured one.
enum class Provenance { exact, measured, predicted };
const char* to_string(Provenance provenance);

/// A number with its unit, its origin and its 90 % interval (low = high = value when exact).
struct Quantity {
  double value = 0;
  std::string unit;  ///< "ms", "%", "" for counts
  Provenance provenance = Provenance::exact;
  std::string source;  ///< "counted", a device, data and seed, or a model and its version
  double low = 0;
  double high = 0;
  bool in_distribution = true;  ///< false for a prediction far from the data that its model was fitted to
  double distance = 0;          ///< distance from that data; up to 1 is in distribution
  bool extrapolate = false;     ///< use the value even out of distribution ("out_of_distribution": "allow" in a job)

  bool trusted() const { return in_distribution || extrapolate; }
  /// The number that constraints and the objective use: the value, or the lower end of the interval if it is out of
  /// distribution.
  double taken() const { return trusted() ? value : low; }

  static Quantity exact(double value, std::string unit);
  static Quantity measured(double value, std::string unit, std::string source);
  static Quantity predicted(double value, std::string unit, std::string source, double low, double high);
};

/// The known quantities of one architecture, by name. The names in use:
///   params, macs, weight_bytes, activation_bytes, peak_memory_bytes, depth, vertices   (exact, counted)
///   latency_ms     predicted for the job's device
///   top1           predicted ImageNet top-1 in %, or measured where a published value exists
///   proxy_top1, proxy_top5, proxy_loss   measured on the job's data
/// A small flat map in insertion order; not thread-safe.
class Metrics {
 public:
  void set(std::string name, Quantity quantity);  ///< replaces a quantity of the same name
  const Quantity* find(std::string_view name) const;
  const Quantity& at(std::string_view name) const;  ///< throws Error that lists the known names
  std::optional<double> value(std::string_view name) const;
  std::vector<std::string> names() const;
  bool empty() const { return items_.empty(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }

 private:
  std::vector<std::pair<std::string, Quantity>> items_;
};

/// {"params": {"value", "unit", "provenance", "source", "low", "high"}, ...}; low and high only if predicted,
/// with "in_distribution" and "distance" where the model knows them, and "extrapolate" where it is set.
nlohmann::ordered_json to_json(const Metrics& metrics);
/// Throws Error naming source and pointer.
Metrics metrics_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer = "");

}  // namespace gensynth
