package dev.imagerelay.architecture.offenders.domain.pricing;

class MoneyInAParameter {

    void charge(String account, double amount) {}
}
