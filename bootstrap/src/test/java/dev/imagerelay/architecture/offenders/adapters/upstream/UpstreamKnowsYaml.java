package dev.imagerelay.architecture.offenders.adapters.upstream;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

class UpstreamKnowsYaml {

    YAMLFactory yaml;
}
