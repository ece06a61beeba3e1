package dev.imagerelay.architecture.offenders.adapters.http;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

class HttpKnowsYaml {

    YAMLFactory yaml;
}
