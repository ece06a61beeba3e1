package dev.imagerelay.architecture.offenders.domain;

class DomainKnowsSql {

    java.sql.Connection connection;
}
